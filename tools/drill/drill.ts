/**
 * `npm run drill:restore`: restores a database to a chosen moment from a base backup and its archived log, with the
 * service on it, and checks everything a restore promises (`restore.ts`). Exit code 1 where something does not hold.
 *
 *   npm run drill:restore [-- --cases 200]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { say } from '../support/progress.mjs';
import { ToolError } from '../support/tool-error.ts';
import { restoreDrill } from './restore.ts';

const { values } = parseArgs({ options: { cases: { type: 'string', default: '200' } } });
const folder = await mkdtemp(join(tmpdir(), 'tma-drill-'));
try {
  const { before, lost, recoveryMs } = await restoreDrill({ folder, cases: Number(values.cases), say });
  say(
    `Recovery time ${(recoveryMs / 1_000).toFixed(1)} s with ${before} edits; ${lost} came back from the laptop.`,
  );
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  say(error.message);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
