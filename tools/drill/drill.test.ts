import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { restoreDrill } from './restore.ts';

it('a database is restored to a moment, verifies, tells of it, and gets back from laptops what it lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tma-drill-'));
  const said: string[] = [];
  try {
    const result = await restoreDrill({ folder, cases: 4, say: (line) => said.push(line) });
    expect(result).toMatchObject({ before: 8, lost: 4, afterHandIn: 12 });
    expect(said).toHaveLength(5);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
