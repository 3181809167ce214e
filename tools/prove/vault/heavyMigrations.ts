/** The product's migrations and as many more as wanted, each of which rewrites every note of the outbox. */
import type { Migration } from '../../../electron/core/vault/migrate.ts';
import { migrations } from '../../../electron/core/vault/migrations/index.ts';

export function heavyMigrations(count: number): readonly Migration[] {
  const more = Array.from({ length: Math.max(0, count - migrations.length) }, (_, index): Migration => {
    const number = migrations.length + index + 1;
    return {
      number,
      name: `heavy-${number}`,
      kind: 'expand',
      up: (connection) =>
        connection.exec(`
          ALTER TABLE outbox ADD COLUMN heavy_${number} TEXT;
          UPDATE outbox SET heavy_${number} = hex(randomblob(400));
          CREATE INDEX outbox_heavy_${number} ON outbox (heavy_${number});
        `),
    };
  });
  return [...migrations, ...more];
}
