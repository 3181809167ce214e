/**
 * From one laptop to another through the service, everything real: encrypted vaults, signed segments, TLS 1.3,
 * PostgreSQL that waits for the disk. Beside it, over the same loopback, with the same notes and one after the other:
 * PouchDB on LevelDB that replicates to express-pouchdb on Express 4. `npm run bench -- sync [CASES [CHANGES]]`.
 *
 * Each side of each pair is a process of its own. Changes per second depend on what else the machine does meanwhile;
 * the time on the processor, of both sides together, hardly does: both are told as ratios. Then field merges beside
 * Automerge, and 1 000 devices against one task and PostgreSQL, each with an exchange every 30 s (`bench/service.ts`).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { automergeMergesPerSecond, mergesPerSecond } from './merge/measure.ts';
import { measure } from './service/measure.ts';
import { measureOurs } from './sync/ours.ts';
import { measurePeer } from './sync/peer.ts';
import { appendResult, deviceRows, mergeRow, printTable, syncRows } from './sync/table.ts';

const size = { cases: Number(process.argv[2] ?? 500), changesPerCase: Number(process.argv[3] ?? 200) };

const folder = await mkdtemp(join(tmpdir(), 'tma-bench-sync-'));
try {
  const loadBefore = loadavg();
  const ours = await measureOurs(folder, size);
  const peer = await measurePeer(folder, size);
  const merges = { ours: mergesPerSecond(), peer: automergeMergesPerSecond() };
  const many = await measure({
    name: '1 000 devices',
    devices: 1_000,
    tasks: 1,
    everyMs: 30_000,
    lastsMs: 30_000,
  });
  const rows = [...syncRows({ ours, peer }), mergeRow(merges), ...deviceRows(many)];
  printTable(rows);
  await appendResult('sync', { cores: cpus().length, loadBefore, ...size, ours, peer, merges, many, rows });
  process.exitCode = rows.every(({ isMet }) => isMet !== false) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
