/**
 * Reads a handful of a stream: parses and verifies its pages and prepares those that are the first of a case that is
 * not here. Everything else (a case that goes on, one that is here, a device that the directory lacks, a page that does
 * not hold) is left to be judged where the vault is. Pure: it knows of the vault what it is told at the beginning.
 */
import { TmaError } from '../../../shared/errors.ts';
import type { CaseId, DeviceId } from '../../../shared/ids.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import { emptyLog } from '../../../shared/sync/log.ts';
import { type CasePage, type StreamLine, streamLineSchema } from '../../../shared/sync/wire.ts';
import type { VerifiedPage } from '../storage/logPort.ts';
import { type NewCases, prepareNewCases } from '../storage/newCases.ts';
import { type LogHere, verifyPage } from './verifyPage.ts';

export interface ReaderSetting {
  /** Public keys by device, base64url. */
  readonly keys: ReadonlyMap<DeviceId, string>;
  readonly serviceKey: Uint8Array;
  /** This laptop: what it wrote itself is compared with what waits here. */
  readonly own: DeviceId;
  /** Cases that are here already. */
  readonly here: ReadonlySet<CaseId>;
}

/** Where the log of a case stands once its page is stored. */
export interface PageEnd {
  readonly case: CaseId;
  readonly position: number;
  /** How far the service had signed. */
  readonly signed: number;
  readonly more: boolean;
}

export interface Handful {
  /** How many cases the stream brings, where it says so. */
  readonly total: number | null;
  /** Ready to be stored, and where their logs then stand. */
  readonly fresh: { readonly cases: NewCases; readonly ends: readonly PageEnd[] } | null;
  /** In the order in which they came. */
  readonly others: readonly CasePage[];
}

/** Reads one after the other what a stream brings; `text` are whole lines of it. */
export interface PageReader {
  /** @throws TmaError `service.answer-invalid` for what is no line of a stream. */
  read(text: Uint8Array): Promise<Handful>;
  close(): void;
}

export type StartReader = (setting: ReaderSetting) => PageReader;

/** Where the vault is, on the same thread. */
export function readerHere(crypto: SyncCrypto): StartReader {
  return (setting) => {
    const read = handfulReader(setting, crypto);
    return { read: async (text) => read(text), close: () => undefined };
  };
}

const nothing: LogHere = { cursor: emptyLog, kept: null, signedWhenAsked: 0, points: new Map() };

/** @returns what reads handful after handful. It throws TmaError `service.answer-invalid`. */
export function handfulReader(setting: ReaderSetting, crypto: SyncCrypto): (text: Uint8Array) => Handful {
  const { keys, serviceKey, own } = setting;
  const seen = new Set(setting.here);

  const verified = (page: CasePage): VerifiedPage | undefined => {
    if (seen.has(page.case) || page.runs.some(({ device }) => device === own)) return undefined;
    const verdict = verifyPage(page, nothing, { keys, serviceKey, crypto });
    return verdict.outcome === 'verified' ? verdict.page : undefined;
  };

  return (text) => {
    const fresh: VerifiedPage[] = [];
    const others: CasePage[] = [];
    let total: number | null = null;
    for (const line of linesOf(text)) {
      if ('cases' in line) total = line.cases;
      else if ('case' in line) {
        const page = verified(line);
        seen.add(line.case);
        if (page === undefined) others.push(line);
        else fresh.push(page);
      }
    }
    if (fresh.length === 0) return { total, fresh: null, others };
    return { total, fresh: { cases: prepareNewCases(fresh), ends: fresh.map(endOf) }, others };
  };
}

function endOf({ page, cursor }: VerifiedPage): PageEnd {
  return { case: page.case, position: cursor.position, signed: page.head.position, more: page.more };
}

/** @throws TmaError `service.answer-invalid` */
export function linesOf(text: Uint8Array): readonly StreamLine[] {
  try {
    const whole = new TextDecoder('utf-8', { fatal: true }).decode(text);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => streamLineSchema.parse(JSON.parse(line)));
  } catch (thrown) {
    throw new TmaError('service.answer-invalid', undefined, thrown);
  }
}
