/** Reads pulled pages the way a distrustful laptop does, and throws where anything does not fit. */
import { nodeCrypto } from '../../platform/crypto.ts';
import { fromBase64Url } from '../../shared/bytes.ts';
import type { CaseId, DeviceId, RecordId } from '../../shared/ids.ts';
import {
  type ChainPoint,
  chainChange,
  chainStart,
  isWithheld,
  readChange,
  readHead,
} from '../../shared/sync/change.ts';
import { emptyLog, extendLog, isHeadSigned, type LogHead } from '../../shared/sync/log.ts';
import { applyChange, type RecordState } from '../../shared/sync/merge.ts';
import { isSignedBy } from '../../shared/sync/segment.ts';
import { domainPolicy, type RecordView, viewRecord } from '../../shared/sync/view.ts';
import type { CaseAccess, CasePage, Cursor, Directory, LogRun } from '../../shared/sync/wire.ts';

export class Reader {
  readonly heads = new Map<CaseId, LogHead>();
  readonly records = new Map<RecordId, RecordState>();
  /** Records of which something was withheld. */
  readonly withheld = new Map<RecordId, CaseId>();
  readonly access = new Map<CaseId, CaseAccess>();
  readonly #chains = new Map<string, ChainPoint>();
  readonly #keys: ReadonlyMap<DeviceId, Uint8Array>;
  readonly #serviceKey: Uint8Array;

  constructor(directory: Directory, serviceKey: Uint8Array) {
    this.#keys = new Map(
      directory.devices.map(({ id, key }) => [id, fromBase64Url(key) ?? new Uint8Array()]),
    );
    this.#serviceKey = serviceKey;
  }

  get cursors(): Record<CaseId, Cursor> {
    const cursors = [...this.heads].map(([caseId, head]) => {
      const access = this.access.get(caseId);
      return [caseId, access === undefined ? head : { ...head, grant: access.grant }] as const;
    });
    return Object.fromEntries(cursors);
  }

  read(page: CasePage): void {
    if (page.access !== undefined) this.access.set(page.case, page.access);
    if (page.anew === true) this.#forget(page.case);
    for (const run of page.runs) this.#readRun(page.case, run);
    const head = this.heads.get(page.case);
    if (!isHeadSigned(page.head, this.#serviceKey, nodeCrypto))
      throw new Error('the head is not signed by the service');
    if (head?.position !== page.head.position || head.running !== page.head.running) {
      throw new Error('the head contradicts the log');
    }
  }

  view(record: RecordId): RecordView | undefined {
    const state = this.records.get(record);
    return state === undefined ? undefined : viewRecord(state);
  }

  #forget(caseId: CaseId): void {
    this.heads.delete(caseId);
    for (const chain of this.#chains.keys()) if (chain.startsWith(caseId)) this.#chains.delete(chain);
    for (const [record, of] of this.withheld) if (of === caseId) this.withheld.delete(record);
  }

  #readRun(caseId: CaseId, run: LogRun): void {
    const { device } = run;
    const chain = `${caseId}/${device}`;
    let point = this.#chains.get(chain) ?? chainStart;
    if (point.n + 1 !== run.n) throw new Error(`chain of ${device} goes from ${point.n} to ${run.n}`);
    for (const [index, change] of run.changes.entries()) {
      point = chainChange(change, { caseId, device, prev: point }, nodeCrypto);
      const entry = run.entries[index];
      const head = this.heads.get(caseId) ?? emptyLog;
      if (entry?.position !== head.position + 1) throw new Error('positions have a gap');
      this.heads.set(caseId, extendLog(head, { ...entry, changeHash: point.hash }, nodeCrypto));
      if (entry.status !== 'applied') continue;
      if (isWithheld(change)) {
        this.withheld.set(readHead(change.head).record, caseId);
        continue;
      }
      const read = readChange(change);
      const { record } = read.head;
      const arrived = { ...read, device, effective: entry.effective };
      this.records.set(record, applyChange(this.records.get(record), arrived, domainPolicy));
    }
    this.#chains.set(chain, point);
    const { from, to, prev, sig } = run.signed;
    if (point.n !== to) throw new Error('a run ends before its signature does');
    const signed = { caseId, device, prev: { n: from - 1, hash: prev }, last: point, sig };
    const key = this.#keys.get(device);
    if (key === undefined || !isSignedBy(signed, key, nodeCrypto))
      throw new Error('a run is not signed by its device');
  }
}
