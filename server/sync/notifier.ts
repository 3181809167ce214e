/**
 * Wakes the pulls that wait for news. A push tells the waiting requests of its own process at once, and those
 * of the other processes by PostgreSQL's NOTIFY, after the commit and gathered for a moment: NOTIFY inside a
 * push would make all commits wait for each other. A message that gets lost costs time, never data, because a
 * waiting pull looks again by itself when its time is over.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { z } from 'zod';
import { type TenantId, tenantIdSchema, type UserId, userIdSchema } from '../../shared/ids.ts';
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
});
type Message = z.infer<typeof messageSchema>;

export interface Listener {
  readonly tenant: TenantId;
  readonly user: UserId;
  readonly isIntake: boolean;
}

/** A pull that waits. */
export interface Watch {
  /** Resolves when there may be news, when the time is over, or when the service stops. */
  wait(ms: number): Promise<void>;
  end(): void;
}

export interface Notifier {
  publish(tenant: TenantId, news: News): void;
  /** From now on news is not missed, even before `wait`. `undefined` when too many wait already. */
  watch(listener: Listener): Watch | undefined;
  stop(): Promise<void>;
}

interface Waiting extends Listener {
  hasNews: boolean;
  wake: (() => void) | undefined;
}

const mostWaiting = 5_000;

export function createNotifier(databaseUrl: string): Notifier {
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
      one.wake?.();
    }
  }

  async function listen(): Promise<void> {
    const next = new pg.Client({ connectionString: databaseUrl, application_name: 'tma-service-news' });
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
    watch(listener) {
      if (isStopped || waiting.size >= mostWaiting) return undefined;
      const one: Waiting = { ...listener, hasNews: false, wake: undefined };
      waiting.add(one);
      return {
        wait: (ms) => (isStopped ? Promise.resolve() : waitFor(one, ms)),
        end: () => {
          waiting.delete(one);
          one.wake?.();
        },
      };
    },
    async stop() {
      isStopped = true;
      clearTimeout(sendTimer);
      clearTimeout(connectTimer);
      for (const one of waiting) one.wake?.();
      waiting.clear();
      await client?.end().catch(() => undefined);
    },
  };
}

function waitFor(one: Waiting, ms: number): Promise<void> {
  if (one.hasNews) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => one.wake?.(), ms);
    one.wake = () => {
      clearTimeout(timer);
      one.wake = undefined;
      resolve();
    };
  });
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
