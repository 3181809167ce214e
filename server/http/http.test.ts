/** S05 and E15: what the service accepts, what it answers when something is wrong, and what it writes down. */
import { Writable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorShapeSchema } from '../../shared/errors.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Laptop, newCaseId, newRecordId, received, send } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';
import { maxBodyBytes } from './body.ts';

let postgres: RunningPostgres;
let world: World;
let laptop: Laptop;
let ownerUrl: string;
const logged: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  ownerUrl = await postgres.createDatabase('http');
  const logTo = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  world = await startWorld({ ownerUrl, config: { logLevel: 'debug' }, deps: { logTo } });
  laptop = await world.laptop('Canary Person', 'specialist');
  await laptop.hello();
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

const path = '/v1/sync/pull';
const pullBody = () => ({ epoch: world.service.epoch, userCursor: 0, cursors: {} });

describe('S05: a body', () => {
  const packings = [
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const;

  it.each(packings)('may be packed with %s; the proof is over the packed bytes', async (encoding, pack) => {
    const raw = pack(JSON.stringify(pullBody()));
    const reply = await laptop.ask(path, undefined, { raw, headers: { 'content-encoding': encoding } });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('accept-encoding')).toContain(encoding);
  });

  it.each(packings)(
    'packed with %s that unpacks to more than the bound is refused without unpacking it all',
    async (encoding, pack) => {
      const raw = pack(Buffer.alloc(64 * 1024 * 1024));
      expect(raw.length).toBeLessThan(maxBodyBytes);
      const before = process.memoryUsage().rss;
      const reply = await laptop.ask(path, undefined, { raw, headers: { 'content-encoding': encoding } });
      expect([reply.status, reply.body.code]).toEqual([413, 'input.too-large']);
      expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
    },
  );

  it('that would take more memory to unpack than a body may have is refused', async () => {
    const json = Buffer.from(JSON.stringify(pullBody()));
    // One raw block in a frame that asks for a window of 2^power bytes (RFC 8878, section 3.1.1).
    const framed = (power: number) => {
      const block = Buffer.alloc(3);
      block.writeUIntLE((json.length << 3) | 1, 0, 3);
      return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (power - 10) << 3]), block, json]);
    };
    const headers = { 'content-encoding': 'zstd' };
    expect((await laptop.ask(path, undefined, { raw: framed(22), headers })).status).toBe(200);
    const reply = await laptop.ask(path, undefined, { raw: framed(27), headers });
    expect([reply.status, reply.body.code]).toEqual([400, 'input.invalid']);
  });

  it('that says what the database cannot keep is refused before it gets there', async () => {
    const hello = { program: 'x', protocol: 1, schema: 1 };
    const cursor = { position: 2 ** 40, running: 'A'.repeat(43) };
    const bodies: readonly (readonly [string, object])[] = [
      ['/v1/sync/hello', { ...hello, program: 'a\u0000b' }],
      ['/v1/sync/hello', { ...hello, userCursor: 2 ** 40 }],
      [path, { ...pullBody(), userCursor: 2 ** 40 }],
      [path, { ...pullBody(), cursors: { [newCaseId()]: cursor } }],
      ['/v1/sync/compare', { epoch: world.service.epoch, points: [{ case: newCaseId(), ...cursor }] }],
    ];
    for (const [where, body] of bodies) {
      const reply = await laptop.ask(where, body);
      expect([reply.status, reply.body.code]).toEqual([400, 'input.invalid']);
    }
  });

  it('that is longer than the bound is refused', async () => {
    const raw = Buffer.alloc(maxBodyBytes + 1, 0x20);
    const reply = await laptop.ask(path, undefined, { raw });
    expect([reply.status, reply.body.code]).toEqual([413, 'input.too-large']);
  });

  it.each([
    ['not JSON', Buffer.from('{'), {}],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}],
    ['not packed as it says', Buffer.from('{}'), { 'content-encoding': 'gzip' }],
    ['not packed with zstd as it says', Buffer.from('{}'), { 'content-encoding': 'zstd' }],
    ['packed in another way', Buffer.from('{}'), { 'content-encoding': 'br' }],
    ['of another type', Buffer.from('{}'), { 'content-type': 'text/plain' }],
    ['of another shape', Buffer.from('{"epoch":1}'), {}],
    [
      'with a field too many',
      Buffer.from(JSON.stringify({ epoch: 'x', userCursor: 0, cursors: {}, extra: 1 })),
      {},
    ],
    ['empty', Buffer.alloc(0), {}],
  ])('that is %s is refused with a code of the catalogue', async (_what, raw, headers) => {
    const reply = await laptop.ask(path, undefined, { raw, headers });
    expect(reply.status).toBe(raw.length === 0 ? reply.status : 400);
    expect(errorShapeSchema.safeParse(reply.body).success).toBe(true);
    expect(reply.body.code).toMatch(raw.length === 0 ? /^(input|auth)\./ : /^input\.invalid$/);
  });
});

describe('an answer', () => {
  it('is packed when it is long and the laptop can unpack it', async () => {
    const caseId = newCaseId();
    const text = 'ruhig '.repeat(1_000);
    const note = { kind: 'note', op: 'create' as const, record: newRecordId(), fields: { text } };
    await laptop.push(world.service.epoch, laptop.write(caseId, received(), note));
    const raw = Buffer.from(JSON.stringify(pullBody()));
    const answer = await fetch(`${world.service.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-tma-proof': laptop.prove(path, raw),
        'accept-encoding': 'gzip',
      },
      body: new Uint8Array(raw),
    });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toContain('ruhig');
  });

  it('to a route that is not there is a code like any other', async () => {
    const reply = await send(world.service.url, '/v1/nothing', {});
    expect([reply.status, reply.body]).toEqual([404, { code: 'not-found' }]);
  });

  it('names its request and is not kept by anyone', async () => {
    const { headers } = await send(world.service.url, path, {}, { 'x-request-id': 'mine' });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('to a failure inside says that it failed and nothing about it, and asks to try again', async () => {
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    await owner.query('alter table user_log rename column type to kind');
    const reply = await laptop.pull(world.service.epoch);
    await owner.query('alter table user_log rename column kind to type');
    await owner.end();
    expect([reply.status, reply.body]).toEqual([500, { code: 'service.error' }]);
    expect(reply.headers.get('retry-after')).toBe('2');
    expect(logged.join('')).toContain('"sqlState":"42703"');
  });
});

describe('the log', () => {
  it('holds no name, no content, no address, no path and no id of a person', async () => {
    const caseId = newCaseId();
    await laptop.push(world.service.epoch, laptop.write(caseId, received('canary-4711')));
    await laptop.pull(world.service.epoch);
    await send(world.service.url, '/v1/canary-4711', { canary: 'canary-4711' });
    const text = logged.join('');
    expect(text).toContain('"route":"/v1/sync/push"');
    for (const secret of [
      'canary-4711',
      'Canary Person',
      '127.0.0.1',
      caseId,
      laptop.device,
      laptop.user ?? 'user',
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('health and description', () => {
  it('are there for the platform and for developers', async () => {
    const get = async (route: string) => (await fetch(`${world.service.url}${route}`)).status;
    expect([await get('/healthz'), await get('/readyz'), await get('/docs/json')]).toEqual([200, 200, 200]);
    const api = (await (await fetch(`${world.service.url}/docs/json`)).json()) as { paths: object };
    expect(Object.keys(api.paths)).toEqual(
      expect.arrayContaining([
        '/v1/enrol',
        '/v1/enrol/check',
        '/v1/sync/hello',
        '/v1/sync/pull',
        '/v1/sync/push',
      ]),
    );
  });

  it('do not describe the interface in production', async () => {
    const { service } = await startWorld({
      ownerUrl: await postgres.createDatabase('production'),
      config: { production: true },
    });
    const { status } = await fetch(`${service.url}/docs/json`);
    await service.stop();
    expect(status).toBe(404);
  });
});
