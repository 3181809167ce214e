/** The vault as the sync engine sees it; `logPort.ts` says what each call is for. */
import type { Kysely } from 'kysely';
import type { CaseId, DeviceId } from '../../../shared/ids.ts';
import type { SignedHead } from '../../../shared/sync/log.ts';
import { removeCaseFromIndex } from '../search/searchIndex.ts';
import type { OpenVault } from '../vault/types.ts';
import { applyPages } from './applyPages.ts';
import { readAccess } from './caseAccess.ts';
import { findCase } from './caseRow.ts';
import { saveDirectory } from './directoryStore.ts';
import { closeEnded } from './endings.ts';
import { glassCursor, saveGlass } from './glass.ts';
import { heldSegments, isHandingIn, recordHandedIn, releaseHeld, restoredState } from './held.ts';
import type { Identity } from './identity.ts';
import { forgetExpired, keepGranted, noteExpired, returnedLeases } from './leases.ts';
import { loadNewCases } from './loadNewCases.ts';
import type { CaseCursor, LocalLog } from './logPort.ts';
import { readMeta, writeMeta } from './meta.ts';
import { outboxState } from './outboxState.ts';
import { forgetPacket, keptPackets, type Seal, sealPending } from './packets.ts';
import { casesWaiting, ownRun, pendingRuns } from './pending.ts';
import { recordOutcome } from './pushed.ts';
import { enterEpoch, layAside, loggedArrivals } from './restored.ts';
import { succeedOwn } from './succession.ts';
import type { VaultTables } from './tables.ts';
import { contradicted, keepWitnessed, unwitnessed } from './witnessed.ts';

export function localLog(vault: OpenVault<VaultTables>, identity: Identity): LocalLog {
  const own = () => identity.owner.deviceId;
  return {
    casesWaiting: (changes) => vault.read((tx) => casesWaiting(tx, changes)),
    pendingRuns: (limits, cases) =>
      vault.read(async (tx) =>
        pendingRuns(tx, own(), { ...limits, cases: cases ?? (await casesWaiting(tx, limits.maxChanges)) }),
      ),
    ownRun: (caseId, n, limits) => vault.read((tx) => ownRun(tx, { caseId, device: own(), n }, limits)),
    markPushed: ({ segments }, settled = []) =>
      vault.write(async (tx) => {
        const touched: CaseId[] = [];
        for (const outcome of segments) {
          const run = settled.find((one) => one.caseId === outcome.case);
          const caseId = await recordOutcome(tx, outcome, run);
          if (caseId !== undefined) touched.push(caseId);
        }
        return { touched };
      }),
    releaseRefused: () => vault.write(releaseRefused),

    ends: () =>
      vault.db
        .selectFrom('cases')
        .select(['id as case', 'log_position as position', 'log_running as running'])
        .execute(),
    arrivals: (caseId) => loggedArrivals(vault.db, caseId),
    layAside: (caseId, common) => vault.write((tx) => layAside(tx, caseId, common)),
    enterEpoch: (epoch) => vault.write((tx) => enterEpoch(tx, epoch)),
    heldSegments: (limits) => vault.read((tx) => heldSegments(tx, limits)),
    markHandedIn: (segments, outcomes) => vault.write((tx) => recordHandedIn(tx, segments, outcomes)),
    restored: () => restoredState(vault.db),

    pendingPlaces: () =>
      vault.db
        .selectFrom('outbox')
        .select(['case_id as case', 'n', 'hash'])
        .where('status', '=', 'pending')
        .execute(),
    async succeedAs({ device, signer, ...rest }) {
      const { owner: before } = identity;
      const owner = { ...before, deviceId: device.id, deviceLabel: device.label };
      let undo = () => {};
      try {
        await vault.write(async (tx) => {
          const old = { owner: before, signer: identity.signer };
          await succeedOwn(tx, { ...rest, before: old, after: { owner, signer } });
          // As part of the transaction: what waits for its end is already written by the new device.
          undo = identity.become({ owner, signer });
        });
      } catch (thrown) {
        undo();
        throw thrown;
      }
    },

    applyCasePages: (pages, { isBulk = false } = {}) =>
      vault.write((tx) => applyPages(tx, own(), { pages, isBulk }), { durable: !isBulk }),
    loadNewCases: (cases) => vault.write((tx) => loadNewCases(tx, cases), { durable: false }),
    cursors: (of) => cursors(vault.db, of),
    dropCase: (caseId, seal, isLast) =>
      vault.write((tx) => dropCase(tx, { caseId, device: own() }, { seal, isLast })),
    expireCase: (caseId, { atMs, seal }) =>
      vault.write(async (tx) => {
        await noteExpired(tx, caseId, atMs);
        const isGone = await dropCase(tx, { caseId, device: own() }, { seal });
        if (!isGone) await tx.deleteFrom('expired_cases').where('case_id', '=', caseId).execute();
        return isGone;
      }),
    keepGranted: (granted) => vault.write((tx) => keepGranted(tx, granted)),
    returnedLeases: () => returnedLeases(vault.db),
    forgetExpired: () => vault.write(forgetExpired),
    closeEnded: (at) => vault.write((tx) => closeEnded(tx, at)),
    glassCursor: () => glassCursor(vault.db, identity.owner),
    saveGlass: (glass) => vault.write((tx) => saveGlass(tx, glass)),
    caseIds: (which) => caseIds(vault.db, which),
    packets: () => keptPackets(vault.db),
    packetTaken: (id) => vault.write((tx) => forgetPacket(tx, id)),
    devicePoints: (caseId) => devicePoints(vault.db, caseId),
    async pointAt(caseId, author, n) {
      const found = await vault.db
        .selectFrom('log')
        .select('hash')
        .where('case_id', '=', caseId)
        .where('device', '=', author)
        .where('n', '=', n)
        .executeTakeFirst();
      return found === undefined ? undefined : { n, hash: found.hash };
    },

    unwitnessed: (limit) => unwitnessed(vault.db, limit),
    keepWitnessed: (notes) => vault.write((tx) => keepWitnessed(tx, notes)),
    contradicted: () => contradicted(vault.db),

    saveDirectory: (directory) => vault.write((tx) => saveDirectory(tx, directory)),
    async deviceKeys() {
      const rows = await vault.db.selectFrom('devices').select(['id', 'public_key']).execute();
      return new Map(rows.map(({ id, public_key }) => [id, public_key]));
    },

    state: () => vault.read((tx) => outboxState(tx, own())),
    get: (name) => readMeta(vault.db, name),
    set: (name, value) => vault.write((tx) => writeMeta(tx, name, value)),
  };
}

async function releaseRefused(tx: Kysely<VaultTables>): Promise<void> {
  await tx.updateTable('cases').set({ push_refused: null }).where('push_refused', 'is not', null).execute();
  await releaseHeld(tx);
}

async function caseIds(db: Kysely<VaultTables>, which: 'all' | 'waiting'): Promise<readonly CaseId[]> {
  const rows =
    which === 'all'
      ? await db.selectFrom('cases').select('id').execute()
      : await db
          .selectFrom('outbox')
          .select('case_id as id')
          .distinct()
          .where('status', '=', 'pending')
          .execute();
  return rows.map(({ id }) => id);
}

async function cursors(
  db: Kysely<VaultTables>,
  of?: readonly CaseId[],
): Promise<ReadonlyMap<CaseId, CaseCursor>> {
  const all = db
    .selectFrom('cases')
    .select(['id', 'log_position', 'log_running', 'log_head', 'access'])
    .where((where) => where.or([where('log_head', 'is not', null), where('log_position', '>', 0)]));
  const rows = await (of === undefined ? all : all.where('id', 'in', of)).execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        position: row.log_position,
        running: row.log_running,
        ...(row.access === null ? {} : { grant: readAccess(row.access).grant }),
        // Checked by the schema of the wire before it was stored.
        head: row.log_head === null ? null : (JSON.parse(row.log_head) as SignedHead),
      },
    ]),
  );
}

async function dropCase(
  tx: Kysely<VaultTables>,
  place: { readonly caseId: CaseId; readonly device: DeviceId },
  { seal, isLast = false }: { readonly seal?: Seal | undefined; readonly isLast?: boolean | undefined },
): Promise<boolean> {
  const { caseId } = place;
  const waiting = await tx
    .selectFrom('outbox')
    .select('n')
    .where('case_id', '=', caseId)
    .where('status', '=', 'pending')
    .executeTakeFirst();
  // What belongs to a case whose content was destroyed is to be destroyed as well.
  const mayGo = seal !== undefined || (await findCase(tx, caseId))?.push_refused === 'case.not-found';
  const isBusy = !isLast && (await isHandingIn(tx, caseId));
  if ((waiting !== undefined && !mayGo) || isBusy) return false;
  if (seal !== undefined) await sealPending(tx, place, seal);
  await keepOwnPoint(tx, caseId);
  await removeCaseFromIndex(tx, caseId);
  for (const table of [
    'records',
    'tasks',
    'log',
    'segments',
    'refusals_read',
    'held',
    'attachments',
    'search_due',
    'witnessed',
  ] as const) {
    await tx.deleteFrom(table).where('case_id', '=', caseId).execute();
  }
  await tx.deleteFrom('outbox').where('case_id', '=', caseId).execute();
  await tx.deleteFrom('cases').where('id', '=', caseId).execute();
  return true;
}

/** The case may come back and be edited before its whole log is here again: the chain goes on where it stood. */
async function keepOwnPoint(tx: Kysely<VaultTables>, caseId: CaseId): Promise<void> {
  const row = await findCase(tx, caseId);
  if (row === undefined || row.own_n === 0) return;
  const point = { n: row.own_n, hash: row.own_hash };
  await tx
    .insertInto('own_chains')
    .values({ case_id: caseId, ...point })
    .onConflict((conflict) => conflict.column('case_id').doUpdateSet(point))
    .execute();
}

async function devicePoints(db: Kysely<VaultTables>, caseId: CaseId) {
  const rows = await db
    .selectFrom('log')
    // SQLite takes the other columns from the row that has the maximum.
    .select(['device', 'hash', (of) => of.fn.max('n').as('n')])
    .where('case_id', '=', caseId)
    .groupBy('device')
    .execute();
  return new Map(rows.map(({ device, n, hash }) => [device, { n, hash }]));
}
