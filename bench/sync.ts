/**
 * From one laptop to another through the service, everything real: encrypted vaults, signed segments, TLS 1.3,
 * PostgreSQL that waits for the disk. Beside it, over the same loopback, with the same notes and one after the other:
 * PouchDB on LevelDB that replicates to express-pouchdb on Express 4. `npm run bench -- sync [CASES [CHANGES]]`.
 *
 * Each side of each pair is a process of its own. Changes per second depend on what else the machine does meanwhile;
 * the time on the processor, of both sides together, hardly does: both are told as ratios.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureOurs } from './sync/ours.ts';
import { measurePeer } from './sync/peer.ts';
import { appendResult, printTable, syncRows } from './sync/table.ts';

const size = { cases: Number(process.argv[2] ?? 500), changesPerCase: Number(process.argv[3] ?? 200) };

const folder = await mkdtemp(join(tmpdir(), 'tma-bench-sync-'));
try {
  const loadBefore = loadavg();
  const ours = await measureOurs(folder, size);
  const peer = await measurePeer(folder, size);
  const rows = syncRows({ ours, peer });
  printTable(rows);
  await appendResult('sync', { cores: cpus().length, loadBefore, ...size, ours, peer, rows });
  process.exitCode = rows.every(({ isMet }) => isMet !== false) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
