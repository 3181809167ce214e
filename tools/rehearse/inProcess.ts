/** A load balancer in this process, for machines without HAProxy: the same behaviour, a hundred lines instead. */
import { Agent, createServer, get, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '../support/ports.ts';
import { type Balancer, type CheckTimes, changesAfter, idleMs } from './balancer.ts';

interface Target {
  readonly slot: number;
  readonly agent: Agent;
  state: 'out' | 'checked' | 'admitted' | 'draining';
  isHealthy: boolean;
  /** Answers in a row that contradict what it is taken for. */
  contradictions: number;
  timer: NodeJS.Timeout | undefined;
}

export async function startInProcess(times: CheckTimes, slotCount: number): Promise<Balancer> {
  const slots = await Promise.all(Array.from({ length: slotCount }, freePort));
  const targets = new Map(slots.map((slot) => [slot, newTarget(slot)]));
  let turn = 0;
  const server = createServer({ keepAliveTimeout: idleMs }, (asked, reply) => {
    const able = [...targets.values()].filter(({ state, isHealthy }) => state === 'admitted' && isHealthy);
    turn += 1;
    const target = able[turn % Math.max(1, able.length)];
    if (target === undefined) reply.writeHead(503).end();
    else pass(target, asked, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const of = (slot: number): Target => {
    const target = targets.get(slot);
    if (target === undefined) throw new Error('there is no such slot');
    return target;
  };
  return {
    name: 'balancer in this process',
    port: (server.address() as AddressInfo).port, // a TCP server's address
    slots,
    async register(slot) {
      const target = of(slot);
      Object.assign(target, { state: 'checked', isHealthy: false, contradictions: 0 });
      clearInterval(target.timer);
      target.timer = setInterval(() => void check(target, times.timeoutMs), times.everyMs);
    },
    isHealthy: async (slot) => of(slot).isHealthy,
    admit: async (slot) => void Object.assign(of(slot), { state: 'admitted' }),
    deregister: async (slot) => void Object.assign(of(slot), { state: 'draining' }),
    async close() {
      for (const target of targets.values()) {
        clearInterval(target.timer);
        target.agent.destroy();
      }
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function newTarget(slot: number): Target {
  const agent = new Agent({ keepAlive: true, timeout: idleMs });
  return { slot, agent, state: 'out', isHealthy: false, contradictions: 0, timer: undefined };
}

function pass({ slot, agent }: Target, asked: IncomingMessage, reply: ServerResponse): void {
  const { connection: _own, ...headers } = asked.headers;
  const options = { host: '127.0.0.1', port: slot, agent, method: asked.method, path: asked.url, headers };
  const onward = request(options, (answer) => {
    const { connection: _theirs, ...passed } = answer.headers;
    reply.writeHead(answer.statusCode ?? 502, passed);
    answer.pipe(reply);
    answer.on('error', () => reply.destroy());
  });
  onward.on('error', () => {
    if (reply.headersSent) reply.destroy();
    else reply.writeHead(502).end();
  });
  asked.pipe(onward);
}

async function check(target: Target, timeoutMs: number): Promise<void> {
  const isGood = await answersWell(target.slot, timeoutMs);
  if (isGood === target.isHealthy) target.contradictions = 0;
  else target.contradictions += 1;
  if (target.contradictions < changesAfter) return;
  target.isHealthy = isGood;
  target.contradictions = 0;
}

function answersWell(port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port, path: '/readyz', agent: false, timeout }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
  });
}
