/** Lists of a thousand cases: every one on exactly one page, in the order asked for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { procedures } from '../../../shared/contract/procedures.ts';
import { concernLevels } from '../../../shared/domain/levels.ts';
import { caseStatuses, endedStatuses } from '../../../shared/domain/workflow.ts';
import { type CaseId, newId } from '../../../shared/ids.ts';
import { caseOrNew, saveCase } from '../storage/caseRow.ts';
import { deriveCase } from '../storage/deriveCase.ts';
import { type Laptop, openLaptop, testClock } from '../storage/testing.ts';
import { temporaryFolder } from '../vault/testing.ts';

const folder = temporaryFolder();
let laptop: Laptop;
beforeAll(async () => {
  laptop = await openLaptop({ folder: folder.path, name: 'Jana' });
  const ids = testClock();
  await laptop.vault.write(async (tx) => {
    for (let i = 0; i < 1000; i++) {
      const { row } = await caseOrNew(tx, newId<CaseId>(ids));
      const number = `2026-${String(i).padStart(4, '0')}`;
      const values = {
        title: i % 7 === 0 ? `Straße ${i}` : `Fall ${i}`,
        site: `Werk ${i % 3}`,
        status: caseStatuses[i % caseStatuses.length] ?? 'received',
        level: i % 6 === 5 ? null : (concernLevels[i % 6] ?? null),
        reassessBy: i % 2 === 0 ? `2026-12-${String(1 + (i % 28)).padStart(2, '0')}` : null,
      };
      await saveCase(tx, { ...row, ...deriveCase(number, values, []), number, updated_ms: i * 1000 });
    }
  });
});
afterAll(async () => {
  await laptop.vault.close();
  folder[Symbol.dispose]();
});

const list = async (filter: object) => {
  const answer = await laptop.handlers['cases.list'](
    procedures['cases.list'].input.parse({ list: 'cases', ...filter }),
  );
  return procedures['cases.list'].output.parse(answer);
};

describe('a list of cases', () => {
  it.each(['number', 'title', 'level', 'status', 'due', 'updated', 'received'] as const)(
    'sorted by %s has every case on exactly one page',
    async (sort) => {
      const seen: string[] = [];
      for (let offset = 0; ; offset += 150) {
        const { lines, total } = await list({ sort, descending: false, offset, limit: 150 });
        expect(total).toBe(800);
        seen.push(...lines.map(({ id }) => id));
        if (lines.length < 150) break;
      }
      expect(seen).toHaveLength(800);
      expect(new Set(seen).size).toBe(800);
    },
  );

  it('puts the levels that ask for most first, and cases without one last', async () => {
    const { lines } = await list({ sort: 'level', limit: 500 });
    expect([...new Set(lines.map(({ level }) => level))].slice(0, 4)).toEqual([
      'high',
      'elevated',
      'moderate',
      'insufficient',
    ]);
    const ascending = await list({ sort: 'level', descending: false, offset: 799, limit: 1 });
    expect(ascending.lines[0]?.level).toBeNull();
  });

  it('sorted by what is due has the earliest first and what has no date last', async () => {
    const { lines } = await list({ sort: 'due', descending: false, limit: 500 });
    const open = lines.filter(({ status }) => !endedStatuses.some((ended) => ended === status));
    const days = open.map(({ reassessBy }) => reassessBy).filter((day) => day !== null);
    expect(days.length).toBeGreaterThan(100);
    expect(days).toEqual(days.toSorted());
  });

  it('is cut down by words of number, title and site, and by status', async () => {
    expect((await list({ text: 'strasse WERK 1' })).total).toBeGreaterThan(0);
    expect((await list({ text: '2026-0007' })).lines.map(({ title }) => title)).toEqual(['Straße 7']);
    expect((await list({ text: "%' OR 1=1" })).total).toBe(0);
    const { lines } = await list({ statuses: ['closed', 'received'] });
    expect(new Set(lines.map(({ status }) => status))).toEqual(new Set(['closed']));
  });

  it('keeps reports and cases apart', async () => {
    const { total, lines } = await list({ list: 'reports' });
    expect(total).toBe(200);
    expect(lines.every(({ status }) => status === 'received' || status === 'triage')).toBe(true);
  });
});
