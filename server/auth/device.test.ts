/** S03: every request proves its device; each way of faking or repeating one is refused with its own code. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, signerFromSeed } from '../../platform/crypto.ts';
import { nonceHeader, type ProofClaims } from '../../shared/sync/proof.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { Laptop, newCaseId, received, send } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';
import { nonceLifeMs } from './nonce.ts';

let postgres: RunningPostgres;
let world: World;
let nowMs = Date.UTC(2026, 10, 23, 8);

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  const ownerUrl = await postgres.createDatabase('proof');
  world = await startWorld({ ownerUrl, deps: { nowMs: () => nowMs } });
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

const path = '/v1/sync/hello';
const body = { program: '0.1.0', protocol: 1, schema: 1 };
const raw = Buffer.from(JSON.stringify(body));

async function helloed(): Promise<Laptop> {
  const laptop = await world.laptop('Ada');
  expect((await laptop.hello()).status).toBe(200);
  return laptop;
}

describe('a request', () => {
  it('without a proof, or with something that is none, learns only the nonce', async () => {
    const bare = await send(world.service.url, path, body);
    expect([bare.status, bare.body]).toEqual([401, { code: 'auth.proof-missing' }]);
    expect(bare.headers.get(nonceHeader)).toMatch(/^[\w-]{32}$/);
    const laptop = await helloed();
    for (const proof of ['', 'x', 'a.b.c', `${'A'.repeat(4_000)}.AA`]) {
      expect((await laptop.askOnce(path, body, { proof })).body.code).toMatch(
        /^auth\.proof-(invalid|missing)$/,
      );
    }
  });

  it('with a nonce that is old, altered or from elsewhere is told the new one', async () => {
    const laptop = await helloed();
    const old = laptop.nonce;
    nowMs += nonceLifeMs;
    for (const nonce of [
      old,
      '',
      'x',
      `${old.slice(0, -1)}${old.endsWith('A') ? 'B' : 'A'}`,
      Buffer.alloc(24).toString('base64url'),
    ]) {
      const reply = await laptop.askOnce(path, body, { claims: { nonce } });
      expect([reply.status, reply.body.code]).toEqual([401, 'auth.nonce-stale']);
    }
    expect((await laptop.askOnce(path, body)).status).toBe(200);
  });

  it('counts once', async () => {
    const laptop = await helloed();
    const proof = laptop.prove(path, raw);
    expect((await laptop.askOnce(path, body, { proof })).status).toBe(200);
    expect((await laptop.askOnce(path, body, { proof })).body.code).toBe('auth.proof-replayed');
    await world.restart();
    expect((await laptop.askOnce(path, body, { proof })).body.code).toBe('auth.proof-replayed');
  });

  it('is the one the proof was made for: method, path and body', async () => {
    const laptop = await helloed();
    const wrong: readonly Partial<ProofClaims>[] = [
      { method: 'PUT' },
      { path: '/v1/sync/push' },
      { path: `${path}?x=1` },
      { body: createHash('sha256').update('other').digest('base64url') },
    ];
    for (const claims of wrong) {
      expect((await laptop.askOnce(path, body, { claims })).body.code).toBe('auth.proof-invalid');
    }
    const proof = laptop.prove(path, raw);
    const swapped = await laptop.askOnce(path, { ...body, schema: 2 }, { proof });
    expect(swapped.body.code).toBe('auth.proof-invalid');
  });

  it('is signed by the key of the device it names', async () => {
    const [ada, max] = [await helloed(), await helloed()];
    expect((await ada.askOnce(path, body, { claims: { device: max.device } })).body.code).toBe(
      'auth.proof-invalid',
    );
    expect((await new Laptop(world.service.url).ask(path, body)).body.code).toBe('auth.device-unknown');
    Object.assign(ada, { signer: signerFromSeed(newSigningSeed()) });
    expect((await ada.askOnce(path, body)).body.code).toBe('auth.proof-invalid');
  });

  it('of a revoked device, or of a closed account, is refused at once and for every route', async () => {
    const { admin, epoch } = world.service;
    for (const [end, code] of [
      [(laptop: Laptop) => admin.revokeDevice(world.tenant, laptop.device), 'auth.device-revoked'],
      [
        (laptop: Laptop) => admin.setActive(world.tenant, laptop.user ?? (world.tenant as never), false),
        'access.denied',
      ],
    ] as const) {
      const laptop = await helloed();
      await end(laptop);
      const replies = [
        await laptop.hello(),
        await laptop.pull(epoch),
        await laptop.push(epoch, laptop.write(newCaseId(), received())),
      ];
      expect(replies.map((reply) => [reply.status, reply.body.code])).toEqual(Array(3).fill([403, code]));
    }
  });

  it('is not judged by the clock of the laptop', async () => {
    const laptop = await helloed();
    const edit = { ...received(), atMs: nowMs + 400 * 86_400_000 };
    const reply = await laptop.push(world.service.epoch, laptop.write(newCaseId(), edit));
    expect(reply.body).toMatchObject({ segments: [{ outcome: 'taken' }] });
    const { body: pulled } = await laptop.pull(world.service.epoch);
    expect(pulled.cases.at(0)?.runs[0]?.entries[0]?.effective).toEqual([nowMs + 5 * 60_000, 0]);
  });
});
