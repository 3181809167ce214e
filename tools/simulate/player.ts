/**
 * One process of a simulation: plays each seed it is given and answers with what it found, until whoever gives them
 * hangs up. It has a database of its own, so that no two wait for each other.
 */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { run } from './run.ts';
import { openStore } from './store.ts';
import { makeTemplate, openFolder } from './world.ts';

export const orderSchema = z.object({ seed: z.number(), steps: z.number(), devices: z.number() });
export type Order = z.infer<typeof orderSchema>;

export const foundSchema = z.object({
  seed: z.number(),
  changes: z.number(),
  violations: z.array(z.object({ invariant: z.string(), detail: z.string() })),
});
export type Found = z.infer<typeof foundSchema>;

export interface Player {
  play(order: Order): Promise<Found & { readonly story: readonly string[] }>;
  close(): Promise<void>;
}

export async function openPlayer(): Promise<Player> {
  const folder = await openFolder();
  const [store, template] = await Promise.all([openStore(), makeTemplate(folder)]);
  return {
    async play(order) {
      const { violations, changes, story } = await run({ store, template, ...order });
      return { seed: order.seed, changes, violations: [...violations], story };
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
