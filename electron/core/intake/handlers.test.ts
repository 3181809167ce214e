/** Who may begin a case file on this laptop. */
import { expect, it } from 'vitest';
import { newOwner, openLaptop, testClock } from '../storage/testing.ts';
import { temporaryFolder } from '../vault/testing.ts';

const report = {
  channel: 'phone' as const,
  receivedAt: '2026-11-23T08:00:00.000Z',
  anonymous: true,
  reporterName: null,
  reporterContact: null,
  who: 'ein Kollege',
  whoIsAtRisk: null,
  what: 'Er droht.',
  where: null,
  when: null,
  behaviours: [],
  emergency: false,
};

it.each([
  ['intake', true],
  ['specialist', true],
  ['member', false],
  ['reviewer', false],
] as const)('a person of role %s may take a report: %s', async (userRole, may) => {
  using folder = temporaryFolder();
  const ids = testClock();
  const owner = { ...newOwner('Mia', ids), userRole };
  const laptop = await openLaptop({ folder: folder.path, name: 'Mia', ids, owner });
  try {
    const taken = laptop.handlers['reports.take'](report);
    if (may) await expect(taken).resolves.toMatchObject({ caseId: expect.any(String) });
    else await expect(taken).rejects.toMatchObject({ code: 'access.denied' });
    expect((await laptop.log.state()).unsent > 0).toBe(may);
  } finally {
    await laptop.vault.close();
  }
});
