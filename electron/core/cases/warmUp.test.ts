/** Warming up reads what is likely to be opened, and leaves no trace of it. */
import { expect, it } from 'vitest';
import { openLaptop } from '../storage/testing.ts';
import { temporaryFolder } from '../vault/testing.ts';
import { warmUp } from './warmUp.ts';

async function withCases(count: number) {
  const folder = temporaryFolder();
  const laptop = await openLaptop({ folder: folder.path, name: 'Jana' });
  for (let n = 0; n < count; n++) {
    await laptop.handlers['reports.take']({
      channel: 'phone',
      receivedAt: '2026-11-23T08:00:00.000Z',
      anonymous: true,
      reporterName: null,
      reporterContact: null,
      who: `Person ${n}`,
      whoIsAtRisk: null,
      what: 'Er droht.',
      where: null,
      when: null,
      behaviours: [],
      emergency: false,
    });
  }
  const audited = () => laptop.vault.db.selectFrom('audit').select('seq').execute();
  return {
    ...{ laptop, audited },
    async [Symbol.asyncDispose]() {
      await laptop.vault.close();
      folder[Symbol.dispose]();
    },
  };
}

it('reads a few cases, one in each quiet moment, and audits none', async () => {
  await using open = await withCases(20);
  const before = await open.audited();
  let moments = 0;
  await warmUp(open.laptop.workspace, { moment: async () => ++moments > 0 });
  expect(moments).toBe(1 + 8);
  expect(await open.audited()).toEqual(before);
});

it('ends when the quiet is over', async () => {
  await using open = await withCases(3);
  let moments = 0;
  await warmUp(open.laptop.workspace, { moment: async () => ++moments < 3 });
  expect(moments).toBe(3);
});

it('does nothing in a vault without cases', async () => {
  await using open = await withCases(0);
  await expect(warmUp(open.laptop.workspace, { moment: async () => true })).resolves.toBeUndefined();
});
