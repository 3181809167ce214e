import { sql } from 'kysely';
import type { ServiceConfig } from '../config.ts';
import type { Db, PoolState } from '../db/connect.ts';
import type { ServiceLog } from '../http/logging.ts';
import type { KeyService } from '../keys/keyService.ts';
import { emfLine } from './emf.ts';
import type { Metrics } from './metrics.ts';
import { observe } from './observe.ts';

export interface Observing {
  readonly config: ServiceConfig;
  readonly db: Db;
  readonly keys: KeyService;
  readonly metrics: Metrics;
  readonly pool: () => PoolState;
  readonly log: ServiceLog;
  readonly nowMs: () => number;
  /** Seconds since the last statement of the witness, where one is kept. */
  readonly lateness: (() => Promise<number>) | undefined;
}

/** Writes metrics where the settings name a namespace for them; gives the function that ends it. */
export function startObserving({
  config,
  db,
  keys,
  metrics,
  pool,
  log,
  nowMs,
  lateness,
}: Observing): () => Promise<void> {
  const { metricsNamespace } = config;
  if (metricsNamespace === undefined) return async () => undefined;
  return observe({
    metrics,
    pool,
    countBreaches: async () => {
      const today = new Date(nowMs()).toISOString().slice(0, 10);
      const { rows } = await sql<{
        count: number;
      }>`select tma.overdue_cases(${today}::date) as count`.execute(db);
      return rows[0]?.count ?? 0;
    },
    ...(lateness === undefined ? {} : { witnessAge: lateness }),
    deepCheck: async () => {
      await Promise.all([sql`select 1`.execute(db), keys.check()]);
    },
    write: (reading) => log.metrics(emfLine(metricsNamespace, reading, nowMs())),
  });
}
