/**
 * One bootstrap at a time per checkout. The lock is a folder, because making one is atomic everywhere; inside is
 * the id of the process that holds it, so that the lock of a killed process is recognised and taken over.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const POLL_MS = 250;
/** A lock without an owner's id is one being made right now, or one whose maker died in that instant. */
const NAMELESS_MS = 5_000;

/**
 * Runs `work` while holding the lock; waits for whoever holds it now.
 * @template T
 * @param {string} folder
 * @param {{ work: () => Promise<T>, onWait: (pid: number) => void }} options
 * @returns {Promise<T>}
 */
export async function withLock(folder, { work, onWait }) {
  mkdirSync(dirname(folder), { recursive: true });
  let told = false;
  let namelessSinceMs = 0;
  while (!tryTake(folder)) {
    const owner = ownerOf(folder);
    namelessSinceMs = owner === undefined ? namelessSinceMs || Date.now() : 0;
    if (owner !== undefined && !isAlive(owner)) takeAway(folder, owner);
    else if (owner === undefined && Date.now() - namelessSinceMs > NAMELESS_MS) takeAway(folder, undefined);
    else {
      if (!told && owner !== undefined) onWait(owner);
      told ||= owner !== undefined;
      await new Promise((resume) => setTimeout(resume, POLL_MS));
    }
  }
  try {
    return await work();
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
  writeFileSync(join(folder, 'owner'), String(process.pid));
  return true;
}

/** @param {string} folder */
function ownerOf(folder) {
  try {
    const pid = Number.parseInt(readFileSync(join(folder, 'owner'), 'utf8'), 10);
    return Number.isInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Removes a dead process's lock. Of several who want to, the rename lets one win; if in that instant somebody else
 * already took the lock anew, it is put back.
 * @param {string} folder
 * @param {number | undefined} deadOwner
 */
function takeAway(folder, deadOwner) {
  const aside = `${folder}.stale-${process.pid}`;
  try {
    renameSync(folder, aside);
    if (ownerOf(aside) === deadOwner) rmSync(aside, { recursive: true, force: true });
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
