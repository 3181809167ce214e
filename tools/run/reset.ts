/** Begins anew: takes away the data of the service and of every laptop, and nothing else. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removePostgres } from '../support/postgres.ts';
import { say } from '../support/progress.mjs';
import { ToolError } from '../support/tool-error.ts';
import { liveHolder } from './claim.ts';
import type { Places } from './places.ts';

/** @throws {ToolError} while the service or a laptop of this checkout is running; nothing is deleted then. */
export async function reset(places: Places): Promise<void> {
  const laptops = existsSync(places.laptops) ? await readdir(places.laptops) : [];
  const claims = laptops.filter((name) => name.endsWith('.json')).map((name) => join(places.laptops, name));
  for (const file of [places.serviceClaim, ...claims]) {
    const holder = await liveHolder(file);
    if (holder === undefined) continue;
    throw new ToolError(
      `--reset: process ${holder.pid} is using the data. Nothing was deleted. Stop it first (Ctrl+C).`,
    );
  }
  say(`  --reset: deleting the service's data and every laptop in ${places.service} and ${places.laptops}`);
  await removePostgres(join(places.service, 'postgres'));
  for (const path of [places.service, places.laptops, places.serviceClaim]) {
    await rm(path, { recursive: true, force: true });
  }
}
