/**
 * Wakes the pulls that wait for news. A push tells the waiting requests of its own process at once, and those
 * of the other processes by PostgreSQL's NOTIFY, after the commit and gathered for a moment: NOTIFY inside a
 * push would make all commits wait for each other. A message that gets lost costs time, never data, because a
 * waiting pull looks again by itself when its time is over.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import {
  type DeviceId,
  deviceIdSchema,
  type TenantId,
  tenantIdSchema,
  type UserId,
  userIdSchema,
} from '../../shared/ids.ts';
import { connectionTo, type DatabaseAddress } from '../db/address.ts';
import type { Trx } from '../db/scope.ts';
import type { News } from './append.ts';

const channel = 'tma_news';
const gatherMs = 50;
const reconnectMs = 1_000;
/** A message of NOTIFY holds 8000 bytes. */
const usersPerMessage = 150;

const messageSchema = z.object({
  from: z.string(),
  tenant: tenantIdSchema,
  users: z.array(userIdSchema),
  intake: z.boolean(),
  /** Devices that were taken back. */
  revoked: z.array(deviceIdSchema).optional(),
});
type Message = z.infer<typeof messageSchema>;

export interface Listener {
  readonly tenant: TenantId;
  readonly user: UserId;
  readonly device: DeviceId;
  readonly isIntake: boolean;
}

/** A pull that waits. */
export interface Watch {
  /** True when there may be news since the last call; false when the time is over or nobody waits any more. */
  next(): Promise<boolean>;
  /** Its device was taken back while it waited. */
  isRevoked(): boolean;
  end(): void;
}

export interface Notifier {
  publish(tenant: TenantId, news: News): void;
  /** From now on, for so long, news is not missed, even before `next`. `undefined` when too many wait already. */
  watch(listener: Listener, forMs: number): Watch | undefined;
  stop(): Promise<void>;
}

interface Waiting extends Listener {
  isRevoked: boolean;
  hasNews: boolean;
  isOver: boolean;
  wake: (() => void) | undefined;
}

const mostWaiting = 5_000;

export function createNotifier(database: DatabaseAddress): Notifier {
  const self = randomUUID();
  const waiting = new Set<Waiting>();
  const outbox: Message[] = [];
  let client: pg.Client | undefined;
  let isStopped = false;
  let sendTimer: NodeJS.Timeout | undefined;
  let connectTimer: NodeJS.Timeout | undefined;

  function deliver(message: Message): void {
    const users = new Set(message.users);
    for (const one of waiting) {
      if (one.tenant !== message.tenant) continue;
      if (!users.has(one.user) && !(message.intake && one.isIntake)) continue;
      one.hasNews = true;
      one.isRevoked ||= message.revoked?.includes(one.device) === true;
      one.wake?.();
    }
  }

  async function listen(): Promise<void> {
    const next = new pg.Client({
      ...connectionTo(database),
      keepAlive: true,
      application_name: 'tma-service-news',
    });
    next.on('error', () => undefined);
    next.on('end', () => {
      if (client === next) client = undefined;
      retry();
    });
    next.on('notification', ({ payload }) => {
      const message = messageSchema.safeParse(parseJson(payload));
      if (message.success && message.data.from !== self) deliver(message.data);
    });
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
      if (isStopped) await next.end();
      else client = next;
    } catch {
      await next.end().catch(() => undefined);
      retry();
    }
  }

  function retry(): void {
    if (isStopped) return;
    connectTimer ??= setTimeout(() => {
      connectTimer = undefined;
      void listen();
    }, reconnectMs);
  }

  async function send(): Promise<void> {
    sendTimer = undefined;
    const messages = outbox.splice(0);
    const texts = messages.map((message) => JSON.stringify(message));
    await client
      ?.query(`select pg_notify('${channel}', text) from unnest($1::text[]) as text`, [texts])
      .catch(() => undefined);
  }

  void listen();

  return {
    publish(tenant, { users, intake }) {
      for (let at = 0; at === 0 || at < users.length; at += usersPerMessage) {
        const message = { from: self, tenant, users: users.slice(at, at + usersPerMessage), intake };
        deliver(message);
        outbox.push(message);
      }
      sendTimer ??= setTimeout(() => void send(), gatherMs);
    },
    watch(listener, forMs) {
      if (isStopped || waiting.size >= mostWaiting) return undefined;
      const one: Waiting = {
        ...listener,
        hasNews: false,
        isOver: false,
        isRevoked: false,
        wake: undefined,
      };
      waiting.add(one);
      const timer = setTimeout(() => finish(one), forMs);
      return {
        next: () => nextNews(one),
        isRevoked: () => one.isRevoked,
        end: () => {
          clearTimeout(timer);
          waiting.delete(one);
          finish(one);
        },
      };
    },
    async stop() {
      isStopped = true;
      clearTimeout(sendTimer);
      clearTimeout(connectTimer);
      for (const one of waiting) finish(one);
      waiting.clear();
      await client?.end().catch(() => undefined);
    },
  };
}

/** As part of a transaction: when it commits, every process wakes the pulls of devices that were taken back. */
export async function tellRevoked(
  trx: Trx,
  {
    tenant,
    user,
    devices,
  }: { readonly tenant: TenantId; readonly user: UserId; readonly devices: readonly DeviceId[] },
): Promise<void> {
  const message: Message = { from: '', tenant, users: [user], intake: false, revoked: [...devices] };
  await sql`select pg_notify(${channel}, ${JSON.stringify(message)})`.execute(trx);
}

async function nextNews(one: Waiting): Promise<boolean> {
  if (!one.hasNews && !one.isOver) await new Promise<void>((resolve) => (one.wake = resolve));
  const hadNews = one.hasNews;
  one.hasNews = false;
  return hadNews && !one.isOver;
}

function finish(one: Waiting): void {
  one.isOver = true;
  one.wake?.();
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
