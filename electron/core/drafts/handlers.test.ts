/** What was begun is there after the lock, and goes when it is saved or discarded. */
import { expect, it } from 'vitest';
import { openLaptop } from '../storage/testing.ts';
import { temporaryFolder } from '../vault/testing.ts';

it('keeps a form that was begun until it is forgotten', async () => {
  using folder = temporaryFolder();
  const before = await openLaptop({ folder: folder.path, name: 'Jana' });
  await before.handlers['drafts.put']({ name: 'report', value: { who: 'Kollege' } });
  await before.handlers['drafts.put']({ name: 'report', value: { who: 'Kollege aus Werk 3' } });
  await before.vault.close();

  const after = await openLaptop({ folder: folder.path, name: 'Jana' });
  expect(await after.handlers['drafts.get']({ name: 'report' })).toEqual({
    value: { who: 'Kollege aus Werk 3' },
  });
  await after.handlers['drafts.put']({ name: 'report', value: null });
  expect(await after.handlers['drafts.get']({ name: 'report' })).toEqual({ value: null });
  await after.vault.close();
});
