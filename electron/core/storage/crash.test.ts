/** An edit that was acknowledged is there after the process was killed, and the vault agrees with itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../../platform/crypto.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { chainChanges } from '../../../shared/sync/segment.ts';
import { firstBrokenEntry } from '../audit/auditLog.ts';
import { temporaryFolder } from '../vault/testing.ts';
import { arrivedOf } from './changeHistory.ts';
import { loadCaseRecords } from './recordStore.ts';
import { foldRecord, type StoredRecord } from './storedRecord.ts';
import { type Laptop, openLaptop } from './testing.ts';

/** Lines the editor wrote before it was killed after that many of them. */
async function killAfter(folder: string, lines: number): Promise<readonly string[]> {
  const script = fileURLToPath(new URL('./fixtures/editor.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('no output');
  const ended = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === lines) child.kill('SIGKILL');
  }
  await ended;
  return acknowledged;
}

/** The records as their changes say they are. */
async function recomputed({ vault }: Laptop, caseId: CaseId, ids: readonly RecordId[]) {
  const records = new Map<RecordId, StoredRecord>();
  for (const change of await arrivedOf(vault.db, caseId, ids)) {
    records.set(change.head.record, foldRecord(records.get(change.head.record), change));
  }
  return records;
}

describe('a case process killed while it edits', () => {
  it.each([1, 2, 7, 23, 60])('after %i acknowledged edits has lost none of them', async (lines) => {
    using folder = temporaryFolder();
    const [first, ...people] = await killAfter(folder.path, lines);
    const caseId = first as CaseId;
    const laptop = await openLaptop({ folder: folder.path, name: 'Jana' });
    try {
      const records = await loadCaseRecords(laptop.vault.db, caseId);
      const ids = records.map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining(people));
      // What lists, records and chain say has to agree: all of an edit or nothing of it.
      const fresh = await recomputed(laptop, caseId, ids);
      for (const record of records) expect(fresh.get(record.id)).toEqual(record);
      const draft = await laptop.log.ownRun(caseId, 1, { maxChanges: 500, maxBytes: 1e7 });
      if (draft === undefined) throw new Error('no chain');
      expect(draft.changes).toHaveLength(records.length);
      const own = await laptop.vault.db
        .selectFrom('cases')
        .select(['own_n', 'own_hash', 'unsent'])
        .executeTakeFirstOrThrow();
      expect(chainChanges(draft, nodeCrypto).at(-1)).toEqual({ n: own.own_n, hash: own.own_hash });
      expect(own.unsent).toBe(records.length);
      expect(await firstBrokenEntry(laptop.vault.db, nodeCrypto)).toBeUndefined();
      expect(await laptop.vault.checkIntegrity()).toEqual([]);
    } finally {
      await laptop.vault.close();
    }
  });
});
