import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../../platform/crypto.ts';
import { type CaseId, newId } from '../../../shared/ids.ts';
import { type Laptop, openLaptop, testClock } from '../storage/testing.ts';
import { temporaryFolder } from '../vault/testing.ts';
import { firstBrokenEntry } from './auditLog.ts';

describe('the audit log', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let laptop: Laptop;
  const caseId = newId<CaseId>(testClock());
  beforeEach(async () => {
    folder = temporaryFolder();
    laptop = await openLaptop({ folder: folder.path, name: 'Jana' });
    for (const action of ['vault.unlocked', 'case.read', 'case.edited'] as const) {
      await laptop.vault.write((tx) =>
        laptop.workspace.audit(tx, { action, caseId, detail: { changes: 1 } }),
      );
    }
  });
  afterEach(async () => {
    await laptop.vault.close();
    folder[Symbol.dispose]();
  });

  it('verifies as it was written', async () => {
    expect(await firstBrokenEntry(laptop.vault.db, nodeCrypto)).toBeUndefined();
  });

  it('shows an entry that was altered', async () => {
    await laptop.vault.db.updateTable('audit').set({ action: 'case.edited' }).where('seq', '=', 2).execute();
    expect(await firstBrokenEntry(laptop.vault.db, nodeCrypto)).toBe(2);
  });

  it('shows that an entry was taken out', async () => {
    await laptop.vault.db.deleteFrom('audit').where('seq', '=', 2).execute();
    expect(await firstBrokenEntry(laptop.vault.db, nodeCrypto)).toBe(3);
  });

  it('notes the reading of a case once an hour, not at every look', async () => {
    const { caseId: read } = await laptop.handlers['reports.take']({
      channel: 'phone',
      receivedAt: '2026-11-23T08:00:00.000Z',
      anonymous: true,
      reporterName: null,
      reporterContact: null,
      who: 'x',
      whoIsAtRisk: null,
      what: 'y',
      where: null,
      when: null,
      behaviours: [],
      emergency: false,
    });
    for (let i = 0; i < 5; i++) await laptop.handlers['cases.get']({ caseId: read });
    const rows = await laptop.vault.db
      .selectFrom('audit')
      .select('action')
      .where('case_id', '=', read)
      .execute();
    expect(rows.map(({ action }) => action)).toEqual(['report.taken', 'case.read']);
  });
});
