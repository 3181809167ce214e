/**
 * The rollout rehearsal, short: behind HAProxy where it is installed, else behind the balancer of this folder. The long
 * one, at the times of the cloud, is `npm run rehearse:rollout`.
 */
import { createServer, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { lintMigration } from '../../server/db/lint.ts';
import type { Balancer } from './balancer.ts';
import { haproxyVersion, startHaproxy } from './haproxy.ts';
import { startInProcess } from './inProcess.ts';
import { percentile } from './load.ts';
import { controls, expand, type Pace, rehearse, rollout } from './scenarios.ts';

const version = await haproxyVersion();
const startBalancer = version === undefined ? startInProcess : startHaproxy;
const pace: Pace = { check: { everyMs: 300, timeoutMs: 1_000 }, drainMs: 1_500, deregistrationMs: 200 };
const how = { startBalancer, pace, devices: 12 };

describe(`a rolling update behind ${version === undefined ? 'the balancer of this folder' : `HAProxy ${version}`}`, () => {
  it('fails no request and loses no edit, with a migration inside', {
    timeout: 300_000,
    retry: 2,
  }, async () => {
    const outcome = await rehearse({ ...how, requests: 3_000 }, rollout);
    expect(outcome).toMatchObject({ failed: 0, lost: 0, passed: true, kinds: {} });
    expect(outcome.requests).toBeGreaterThanOrEqual(3_000);
    expect(outcome.taken).toBeGreaterThan(500);
  });

  it('is seen to fail when tasks end at once on SIGTERM', { timeout: 200_000, retry: 2 }, async () => {
    const [endsAtOnce] = controls;
    if (endsAtOnce === undefined) throw new Error('there are controls');
    const outcome = await rehearse({ ...how, requests: 800 }, endsAtOnce);
    expect(outcome.failed).toBeGreaterThan(0);
    expect(outcome.lost).toBe(0);
  });
});

it('the migration that goes out with the rehearsed version is one that may go out', () => {
  expect(lintMigration(expand)).toEqual([]);
});

it('a percentile is a value that occurred', () => {
  expect([percentile([], 0.5), percentile([3, 1, 2], 0.5), percentile([3, 1, 2], 0.99)]).toEqual([0, 2, 3]);
});

const balancers: readonly (readonly [string, typeof startInProcess])[] = [
  ['the balancer of this folder', startInProcess],
  ...(version === undefined ? [] : [['HAProxy', startHaproxy] as const]),
];

// Real time and real sockets on a machine that is shared: one late answer is no verdict.
describe.each(balancers)('%s', { retry: 3 }, (_name, start) => {
  it('sends requests to targets that are admitted and healthy, and to no other, and tries nothing twice', async () => {
    const balancer = await start({ everyMs: 60, timeoutMs: 50 }, 2);
    const [good = 0, bad = 0] = balancer.slots;
    let ready = true;
    let asked = 0;
    const server = createServer((incoming, reply) => {
      if (incoming.url === '/readyz') reply.writeHead(ready ? 200 : 503).end();
      else {
        asked += 1;
        if (incoming.url === '/cut') incoming.socket.destroy();
        else reply.end('ok');
      }
    });
    await new Promise<void>((resolve) => server.listen(good, '127.0.0.1', resolve));
    try {
      expect(await statusAt(balancer, '/')).toBe(503);
      await balancer.register(good);
      await balancer.register(bad);
      await expect.poll(() => balancer.isHealthy(good), { timeout: 10_000 }).toBe(true);
      expect(await balancer.isHealthy(bad)).toBe(false);
      expect([await statusAt(balancer, '/'), asked]).toEqual([503, 0]);
      await balancer.admit(good);
      expect(await statusAt(balancer, '/')).toBe(200);
      asked = 0;
      expect([502, 503]).toContain(await statusAt(balancer, '/cut'));
      expect(asked).toBe(1);
      ready = false;
      await expect.poll(() => balancer.isHealthy(good), { timeout: 10_000 }).toBe(false);
      expect(await statusAt(balancer, '/')).toBe(503);
      ready = true;
      await expect.poll(() => statusAt(balancer, '/'), { timeout: 10_000 }).toBe(200);
      await balancer.deregister(good);
      expect(await statusAt(balancer, '/')).toBe(503);
    } finally {
      await balancer.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

function statusAt({ port }: Balancer, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}
