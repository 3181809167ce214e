/**
 * Lets PostgreSQL plan each statement once per connection. The policies make planning the larger part of a
 * small statement's cost: planned anew each time, looking up one row takes five times as long (measured).
 *
 * A statement must name its columns: one that gives `*` would fail once a migration adds a column under it.
 */
import { createHash } from 'node:crypto';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';

/** The service has far fewer statements; the bound is for the memory of the database, should that ever change. */
const mostNames = 500;

/** Names must tell statements apart, so that one connection never runs one for another. */
export function preparing(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  const nameOf = (text: string) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= mostNames) return known;
    const name = createHash('sha256').update(text).digest('base64url');
    names.set(text, name);
    return name;
  };
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const query = (text: string, values: readonly unknown[]) => {
        const name = values.length > 0 ? nameOf(text) : undefined;
        return client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
      };
      // Kysely calls `query` with a text and its values and nothing else: no cursors are configured.
      return {
        query,
        release: (destroy?: boolean) => client.release(destroy),
      } as unknown as PostgresPoolClient;
    },
  };
}
