import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { Laptop, send } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let nowMs = Date.now();

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  const ownerUrl = await postgres.createDatabase('enrol');
  world = await startWorld({ ownerUrl, deps: { nowMs: () => nowMs } });
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

async function mint(lifeMs?: number) {
  const user = await world.person('Ada Weber');
  const { code } = await world.service.admin.mintCode({
    tenant: world.tenant,
    user,
    ...(lifeMs ? { lifeMs } : {}),
  });
  return { user, code };
}
const check = (code: string) => send(world.service.url, '/v1/enrol/check', { code });
const enrol = (code: string, laptop = new Laptop(world.service.url), label = 'Laptop 7') =>
  send(world.service.url, '/v1/enrol', { code, deviceKey: laptop.publicKey, label, program: '0.1.0' });

describe('a code to enrol', () => {
  it('is 80 random bits a person can read out, and forgives how they type it', async () => {
    const { code, user } = await mint();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect((await check(` ${typed} `)).body).toMatchObject({
      tenant: { id: world.tenant, name: 'Muster AG' },
      user: { id: user, name: 'Ada Weber', role: 'specialist' },
    });
  });

  it('is stored as a hash alone', async () => {
    const { code } = await mint();
    const client = new pg.Client({ connectionString: world.ownerUrl });
    await client.connect();
    const { rows } = await client.query('select row_to_json(c)::text as text from enrolment_codes c');
    await client.end();
    const plain = code.replaceAll('-', '');
    expect(rows.some(({ text }) => text.includes(code) || text.includes(plain))).toBe(false);
  });

  it('makes one laptop a device, and tells the same laptop the same again', async () => {
    const { code, user } = await mint();
    const laptop = new Laptop(world.service.url);
    const first = await enrol(code, laptop);
    expect(first.body).toMatchObject({ user: { id: user }, device: { label: 'Laptop 7' }, emergency: [] });
    expect((await enrol(code, laptop)).body).toEqual(first.body);
    const other = await enrol(code);
    expect([other.status, other.body.code]).toEqual([409, 'enrol.code-used']);
    expect((await check(code)).body.code).toBe('enrol.code-used');
  });

  it('makes one device of two laptops that use it at the same time', async () => {
    const { code } = await mint();
    const replies = await Promise.all([enrol(code), enrol(code), enrol(code)]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 409, 409]);
  });

  it('is refused when it is unknown, over, or of somebody whose account was closed', async () => {
    const unknown = await enrol('K7QF-9M2T-0000-0000');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'enrol.code-unknown']);
    const { code } = await mint(60_000);
    nowMs += 60_001;
    const late = await enrol(code);
    expect([late.status, late.body.code]).toEqual([410, 'enrol.code-expired']);
    expect((await check(code)).body.code).toBe('enrol.code-expired');
    const closed = await mint();
    await world.service.admin.setActive(world.tenant, closed.user, false);
    expect((await enrol(closed.code)).body.code).toBe('enrol.code-unknown');
  });

  it('does not enrol a laptop a second time', async () => {
    const laptop = new Laptop(world.service.url);
    await enrol((await mint()).code, laptop);
    const { code } = await mint();
    expect((await enrol(code, laptop)).body.code).toBe('enrol.already');
    expect((await enrol(code)).status).toBe(200);
  });

  it('cannot be guessed at speed', async () => {
    const strict = await startWorld({
      ownerUrl: await postgres.createDatabase('guess'),
      config: { enrolPerMinute: 3 },
    });
    const guess = () => send(strict.service.url, '/v1/enrol/check', { code: 'K7QF-9M2T-0000-0000' });
    const replies = [await guess(), await guess(), await guess(), await guess()];
    await strict.stop();
    expect(replies.map((reply) => reply.body.code)).toEqual([
      ...Array(3).fill('enrol.code-unknown'),
      'input.rate-limited',
    ]);
    expect(Number(replies[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
