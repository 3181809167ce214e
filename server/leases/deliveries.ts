/**
 * Writes down what is handed out to which device, before it goes out: of a lost laptop nothing may be missing. Many
 * laptops are answered at the same time, so what comes while one write is under way goes into the next.
 */
import { sql } from 'kysely';
import type { CaseId, DeviceId, TenantId } from '../../shared/ids.ts';
import type { CasePage } from '../../shared/sync/wire.ts';
import type { Db } from '../db/connect.ts';
import { writing } from '../db/scope.ts';
import { openingOf } from './openings.ts';

export interface Deliveries {
  /** Resolves when it is written down; fails as the database does, and then nothing may go out. */
  note(to: Recipient, pages: readonly CasePage[]): Promise<void>;
}

export interface Recipient {
  readonly tenant: TenantId;
  readonly device: DeviceId;
}

interface Delivery {
  readonly device: DeviceId;
  readonly caseId: CaseId;
  readonly position: number;
  /** See `openings.ts`. */
  readonly opening: string;
}

interface Gathering {
  readonly deliveries: Delivery[];
  written: Promise<void>;
}

export function createDeliveries(context: { readonly db: Db; nowMs(): number }): Deliveries {
  const gathering = new Map<TenantId, Gathering>();
  const last = new Map<TenantId, Promise<void>>();

  const write = async (tenant: TenantId, before: Promise<void> | undefined): Promise<void> => {
    // How the one before ended is told to those who waited for it.
    await before?.catch(() => undefined);
    const deliveries = gathering.get(tenant)?.deliveries ?? [];
    gathering.delete(tenant);
    const scope = { tenant, duty: 'devices', nowMs: context.nowMs() } as const;
    await writing(context.db, scope, (trx) =>
      sql`select tma.note_deliveries(${deliveries.map(({ device }) => device)}::uuid[],
        ${deliveries.map(({ caseId }) => caseId)}::uuid[],
        ${deliveries.map(({ position }) => position)}::int[],
        ${deliveries.map(({ opening }) => opening)}::text[]) as noted`.execute(trx),
    );
  };

  const next = (tenant: TenantId): Gathering => {
    const open = gathering.get(tenant);
    if (open !== undefined) return open;
    const made: Gathering = { deliveries: [], written: Promise.resolve() };
    gathering.set(tenant, made);
    const written = write(tenant, last.get(tenant));
    made.written = written;
    last.set(tenant, written);
    const forget = () => {
      if (last.get(tenant) === written) last.delete(tenant);
    };
    written.then(forget, forget);
    return made;
  };

  return {
    async note({ tenant, device }, pages) {
      if (pages.length === 0) return;
      const into = next(tenant);
      for (const page of pages) {
        const { position } = page.head;
        into.deliveries.push({ device, caseId: page.case, position, opening: openingOf(page) });
      }
      await into.written;
    },
  };
}

/** Part of an attachment that a device fetched, or brought. */
export async function notePartHeld(
  context: { readonly db: Db; nowMs(): number },
  { tenant, device }: Recipient,
  { blob, part }: { readonly blob: string; readonly part: number },
): Promise<void> {
  const scope = { tenant, duty: 'devices', nowMs: context.nowMs() } as const;
  await writing(context.db, scope, (trx) =>
    sql`select tma.note_part(${device}, ${blob}, ${part}) as noted`.execute(trx),
  );
}
