/**
 * One bootstrap at a time per checkout. The lock is a folder, because making one is atomic everywhere; inside are
 * the ids of the process that holds it and of those that work for it, so that the lock of a killed process is
 * recognised and taken over, but not before an npm that it left behind has ended.
 */
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const POLL_MS = 250;
/** A lock without an owner's id is one being made right now, or one whose maker died in that instant. */
const NAMELESS_MS = 5_000;

/**
 * Runs `work` while holding the lock; waits for whoever holds it now. `work` is told how to name another process that
 * works under this lock.
 * @template T
 * @param {string} folder
 * @param {{ work: (alsoHeldBy: (pid: number) => void) => Promise<T>, onWait: (pid: number) => void,
 *   signal?: AbortSignal }} options `signal` ends the waiting
 * @returns {Promise<T>}
 */
export async function withLock(folder, { work, onWait, signal }) {
  mkdirSync(dirname(folder), { recursive: true });
  let told = false;
  let namelessSinceMs = 0;
  while (!tryTake(folder)) {
    signal?.throwIfAborted();
    const owners = ownersOf(folder);
    const owner = owners.find(isAlive);
    namelessSinceMs = owners.length === 0 ? namelessSinceMs || Date.now() : 0;
    const isNobodys = owners.length === 0 ? Date.now() - namelessSinceMs > NAMELESS_MS : owner === undefined;
    if (isNobodys) takeAway(folder, owners);
    else {
      if (!told && owner !== undefined) onWait(owner);
      told ||= owner !== undefined;
      await new Promise((resume) => setTimeout(resume, POLL_MS));
    }
  }
  try {
    return await work((pid) => appendFileSync(join(folder, 'owner'), `${pid}\n`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function tryTake(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(folder, 'owner'), `${process.pid}\n`);
  return true;
}

/**
 * @param {string} folder
 * @returns {number[]}
 */
function ownersOf(folder) {
  try {
    const lines = readFileSync(join(folder, 'owner'), 'utf8').trim().split('\n');
    return lines.map(Number).filter((pid) => Number.isInteger(pid) && pid > 0);
  } catch {
    return [];
  }
}

/**
 * Removes the lock of processes that are gone. Of several who want to, the rename lets one win; if in that instant
 * somebody else already took the lock anew, it is put back.
 * @param {string} folder
 * @param {number[]} gone
 */
function takeAway(folder, gone) {
  const aside = `${folder}.stale-${process.pid}`;
  try {
    renameSync(folder, aside);
    if (String(ownersOf(aside)) === String(gone)) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, folder);
  } catch {
    // Another one was quicker; the loop looks again.
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
