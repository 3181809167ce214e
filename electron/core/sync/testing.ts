/** What the tests of sync share: a laptop with a real vault and a running engine. */

import { nodeCrypto } from '../../../platform/crypto.ts';
import { fromBase64Url } from '../../../shared/bytes.ts';
import type { EventName, EventOf } from '../../../shared/contract/events.ts';
import type { SyncView } from '../../../shared/contract/syncViews.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { newId, type RecordId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import { canonical } from '../../../shared/sync/canonical.ts';
import type { Signer } from '../../../shared/sync/crypto.ts';
import type { HelloAnswer } from '../../../shared/sync/wire.ts';
import type { Owner } from '../storage/meta.ts';
import { type Laptop, openLaptop, type TestClock } from '../storage/testing.ts';
import { createSyncEngine } from './engine.ts';
import type { ServiceAddress, SyncEngine } from './engine.types.ts';
import type { StartReader } from './handful.ts';

export interface Told {
  readonly name: EventName;
  readonly payload: unknown;
}

export interface Desk extends Laptop {
  readonly engine: SyncEngine;
  readonly signer: Signer;
  /** Every event, in order. */
  readonly events: readonly Told[];
  readonly hellos: readonly HelloAnswer[];
  /** Sets this laptop's clock ahead or behind. */
  setSkew(ms: number): void;
  /** Another engine on the same vault, as after a lock and unlock. */
  restart(): Promise<SyncEngine>;
  close(): Promise<void>;
}

export interface DeskOptions {
  readonly folder: string;
  readonly name: string;
  readonly owner: Owner;
  readonly signer: Signer;
  readonly service: ServiceAddress;
  readonly random?: () => number;
  readonly startReader?: StartReader;
}

/** A laptop of a person, with an engine that is not started yet. */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  const { owner, signer } = options;
  let skewMs = 0;
  const ids: TestClock = {
    nowMs: () => Date.now() + skewMs,
    randomBytes: (length) => nodeCrypto.randomBytes(length),
    advance: (ms) => {
      skewMs += ms;
    },
  };
  const laptop = await openLaptop({ folder: options.folder, name: options.name, owner, signer, ids });
  const { identity } = laptop;
  const events: Told[] = [];
  const hellos: HelloAnswer[] = [];
  const makeEngine = (): SyncEngine =>
    createSyncEngine({
      log: laptop.log,
      service: options.service,
      device: {
        get id() {
          return identity.owner.deviceId;
        },
        user: owner.userId,
        signer: identity.signer,
      },
      serviceKey: fromBase64Url(owner.serviceKey) ?? new Uint8Array(),
      crypto: nodeCrypto,
      clock: {
        nowMs: () => ids.nowMs(),
        after(delayMs, run) {
          const timer = setTimeout(run, delayMs);
          return () => clearTimeout(timer);
        },
      },
      random: options.random ?? (() => 0),
      ...(options.startReader && { startReader: options.startReader }),
      program: '0.1.0',
      emit: (name, payload) => void events.push({ name, payload }),
      onHello: (answer) => void hellos.push(answer),
      onSuccess: () => undefined,
    });
  let engine = makeEngine();
  return {
    ...laptop,
    get owner() {
      return identity.owner;
    },
    signer: identity.signer,
    events,
    hellos,
    get engine() {
      return engine;
    },
    setSkew: (ms) => {
      skewMs = ms;
    },
    async restart() {
      await engine.stop();
      engine = makeEngine();
      return engine;
    },
    async close() {
      await engine.stop();
      await laptop.vault.close();
    },
  };
}

export function eventsOf<N extends EventName>(desk: Desk, name: N): readonly EventOf<N>[] {
  return desk.events.filter((event) => event.name === name).map((event) => event.payload as EventOf<N>);
}

/** Waits until something holds; fails after ten seconds with what the engine says of itself. */
export async function until(
  what: () => boolean | Promise<boolean>,
  desk?: Desk,
  limitMs = 10_000,
): Promise<void> {
  const deadlineMs = Date.now() + limitMs;
  while (!(await what())) {
    if (Date.now() > deadlineMs) {
      throw new Error(`did not come true: ${what.toString()} ${JSON.stringify(await desk?.engine.get())}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** A finished exchange, or the view of how it failed. */
export function synced(desk: Desk): Promise<SyncView> {
  desk.engine.start();
  return desk.engine.now();
}

/** Takes a phone report and gives its case. Who reported is sealed, and so a change of its own. */
export async function takeReport(
  desk: Desk,
  what: string,
  reporterName: string | null = null,
): Promise<CaseId> {
  const { caseId } = await desk.handlers['reports.take']({
    channel: 'phone',
    receivedAt: new Date(1_763_880_000_000).toISOString(),
    anonymous: reporterName === null,
    reporterName,
    reporterContact: null,
    who: 'Person im Fokus',
    whoIsAtRisk: null,
    what,
    where: null,
    when: null,
    behaviours: ['leakage'],
    emergency: false,
  });
  return caseId;
}

/** Edits one field of the case record with what is in view now. */
export async function setCaseField(
  desk: Desk,
  caseId: CaseId,
  [field, value]: readonly [string, Json],
): Promise<void> {
  const record = caseId as unknown as RecordId; // the case's record has the case's id
  const { records } = await desk.handlers['cases.get']({ caseId });
  const saw = records.find((one) => one.id === record)?.saw[field] ?? [];
  await desk.handlers['cases.edit']({
    caseId,
    edits: [{ record, kind: 'case', op: 'update', fields: { [field]: { value, saw } } }],
  });
}

export async function addNote(desk: Desk, caseId: CaseId, text: string): Promise<void> {
  const record = newId<RecordId>(desk.workspace.author.ids);
  const fields = { text: { value: text, saw: [] } };
  await desk.handlers['cases.edit']({ caseId, edits: [{ record, kind: 'note', op: 'create', fields }] });
}

/** Everything a laptop shows of a case, to compare two of them. */
export async function caseText(desk: Desk, caseId: CaseId): Promise<string> {
  const { line, records } = await desk.handlers['cases.get']({ caseId });
  const shown = records
    .map(({ updatedAt: _u, createdAt: _c, createdBy: _b, ...rest }) => rest)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { unsent: _n, updatedAt: _a, ...list } = line;
  return canonical({ list, shown } as unknown as Json); // the contract's views are JSON
}
