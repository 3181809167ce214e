/**
 * A claim is a small file that says which process runs something (the service, a laptop) and, once it is up, where
 * it answers. It is made exclusively, so of two that start at once one gets it; the claim of a process that was
 * killed is recognised and taken over. It may hold an address with a secret: readable by its owner alone.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { isAlive, programOf } from '../support/processes.ts';
import { systemCode } from '../support/tool-error.ts';

const heldSchema = z.object({
  pid: z.int().positive(),
  /** What the holder tells others; missing until it is up. */
  details: z.record(z.string(), z.string()).optional(),
});
export type Held = z.infer<typeof heldSchema>;

export type Claimed =
  | {
      readonly ours: true;
      /** Whether a process that did not give its claim back held it before. */
      readonly afterCrash: boolean;
      /** Tells others where to find us. */
      announce(details: Readonly<Record<string, string>>): Promise<void>;
      release(): Promise<void>;
    }
  | { readonly ours: false; readonly holder: Held };

/** Takes the claim, or tells who holds it. */
export async function claim(file: string): Promise<Claimed> {
  await mkdir(dirname(file), { recursive: true });
  let afterCrash = false;
  for (;;) {
    if (await create(file)) {
      return {
        ours: true,
        afterCrash,
        announce: (details) => put(file, details),
        release: () => release(file),
      };
    }
    const holder = await readClaim(file);
    if (holder !== undefined && (await isOurProgram(holder.pid))) return { ours: false, holder };
    afterCrash = (await takeAway(file, holder?.pid)) || afterCrash;
  }
}

/** Who holds the claim, if somebody does who is still there. */
export async function liveHolder(file: string): Promise<Held | undefined> {
  const holder = await readClaim(file);
  return holder !== undefined && (await isOurProgram(holder.pid)) ? holder : undefined;
}

/** Written beside its place and linked there, so that nobody ever reads half of it. */
async function create(file: string): Promise<boolean> {
  const whole = asideOf(file);
  await writeFile(whole, JSON.stringify({ pid: process.pid }), { mode: 0o600 });
  return placeUnlessTaken(whole, file);
}

/**
 * Removes the claim of a process that is gone. Several may try: the rename lets one have it, and if by then it is
 * somebody's new claim, it is put back.
 */
async function takeAway(file: string, goneHolder: number | undefined): Promise<boolean> {
  const aside = asideOf(file);
  const isMoved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return false;
  if ((await readClaim(aside))?.pid !== goneHolder) {
    await placeUnlessTaken(aside, file);
    return false;
  }
  await rm(aside, { force: true });
  return true;
}

async function placeUnlessTaken(from: string, file: string): Promise<boolean> {
  try {
    await link(from, file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(from, { force: true });
  }
}

const asideOf = (file: string) => `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;

async function put(file: string, details: Readonly<Record<string, string>>): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify({ pid: process.pid, details }), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function release(file: string): Promise<void> {
  if ((await readClaim(file))?.pid === process.pid) await rm(file, { force: true });
}

/** A file that is empty or cut off is what a crash in the middle of writing leaves: nobody's. */
async function readClaim(file: string): Promise<Held | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return heldSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Process ids are used again: a living one counts only if it is a Node program, as ours are. */
async function isOurProgram(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const program = await programOf(pid);
  return program === undefined || /\bnode\b|\.[cm]?[jt]s\b|vitest/.test(program);
}
