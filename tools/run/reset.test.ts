import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claim } from './claim.ts';
import { laptopIn, type Places, placesIn } from './places.ts';
import { reset } from './reset.ts';

let places: Places;
beforeEach(() => {
  places = placesIn(mkdtempSync(join(tmpdir(), 'tma-reset-')));
  mkdirSync(places.service, { recursive: true });
  mkdirSync(laptopIn(places, 'first').preview, { recursive: true });
  writeFileSync(join(places.root, '.tma', 'other'), 'not ours to delete');
});
afterEach(() => rmSync(places.root, { recursive: true, force: true }));

describe('--reset', () => {
  it('deletes the service and every laptop, and nothing else', async () => {
    await reset(places);
    expect(existsSync(places.service)).toBe(false);
    expect(existsSync(places.laptops)).toBe(false);
    expect(existsSync(join(places.root, '.tma', 'other'))).toBe(true);
  });

  it.each([
    ['the service', () => places.serviceClaim],
    ['a laptop', () => laptopIn(places, 'first').claim],
  ])('deletes nothing while %s runs', async (_case, file) => {
    const held = await claim(file());
    await expect(reset(places)).rejects.toThrow(/Nothing was deleted/);
    expect(existsSync(places.service)).toBe(true);
    if (held.ours) await held.release();
    await reset(places);
    expect(existsSync(places.service)).toBe(false);
  });
});

describe('the name of a laptop', () => {
  it.each(['../service', 'Two Words', '', '-x', 'a'.repeat(33)])('may not be %j', (name) => {
    expect(() => laptopIn(places, name)).toThrow(/is no name for a laptop/);
  });
});
