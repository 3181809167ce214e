/**
 * The log side of the service in memory: numbers, chains, signs and hands out as `server/` does, for tests of the
 * laptop's half that need no database, or need a service that lies. Everybody may see everything in it.
 */

import type { ServerResponse } from 'node:http';
import { toBase64Url } from '../../shared/bytes.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { CaseId, ChangeId, DeviceId, UserId } from '../../shared/ids.ts';
import { readHead, zeroHash } from '../../shared/sync/change.ts';
import { effectiveStamp } from '../../shared/sync/clock.ts';
import type { Signer, SyncCrypto } from '../../shared/sync/crypto.ts';
import { emptyLog, extendLog, type LogHead, signHead } from '../../shared/sync/log.ts';
import { type Segment, verifySegment } from '../../shared/sync/segment.ts';
import type {
  CasePage,
  CompareAnswer,
  CompareRequest,
  HelloAnswer,
  LogRun,
  PullAnswer,
  PullRequest,
  PushAnswer,
  PushRequest,
  SegmentOutcome,
  UserEvent,
} from '../../shared/sync/wire.ts';
import { json, type ScriptedRequest, type ScriptedService } from './scripted-service.ts';

export interface SmallServiceOptions {
  readonly signer: Signer;
  readonly crypto: SyncCrypto;
  readonly nowMs: () => number;
}

/** Answers a request instead of the service, and then returns true. */
export type Before = (request: ScriptedRequest, response: ServerResponse) => boolean;

interface StoredRun {
  readonly first: number;
  readonly run: LogRun;
}

interface StoredCase {
  readonly number: string;
  readonly runs: StoredRun[];
  /** Heads by position. */
  readonly heads: LogHead[];
  readonly hashes: Map<DeviceId, string[]>;
}

type Device = { readonly id: DeviceId; readonly user: UserId; readonly publicKey: Uint8Array };

export class SmallService {
  epoch = 'first';
  readonly cases = new Map<CaseId, StoredCase>();
  readonly events: UserEvent[] = [];
  /** Refuses changes one by one, for a reason. */
  judge: (change: ChangeId) => ErrorCode | undefined = () => undefined;
  /** Refuses a case of a push as a whole. */
  refuse: (caseId: CaseId) => ErrorCode | undefined = () => undefined;
  /** What a service that lies makes of a page. */
  twist: (page: CasePage) => CasePage = (page) => page;
  readonly #options: SmallServiceOptions;
  readonly #devices = new Map<DeviceId, Device>();
  readonly #waiting = new Set<() => void>();

  constructor(options: SmallServiceOptions) {
    this.#options = options;
  }

  enrol(device: Device): void {
    this.#devices.set(device.id, device);
  }

  hello(): HelloAnswer {
    const devices = [...this.#devices.values()].map(({ id, user, publicKey }) => {
      return { id, user, label: 'Laptop', key: toBase64Url(publicKey) };
    });
    return {
      serverTimeMs: this.#options.nowMs(),
      epoch: this.epoch,
      protocol: { min: 1, max: 1 },
      schema: { min: 1, max: 1 },
      directory: { users: [], devices },
      emergency: [],
    };
  }

  push(request: PushRequest): PushAnswer {
    const segments = request.segments.map((segment) => this.#takeSegment(segment));
    for (const wake of this.#waiting) wake();
    return { segments };
  }

  pull(request: PullRequest): PullAnswer {
    const events = this.events.filter((event) => event.position > request.userCursor);
    const pages = [...this.cases].flatMap(([caseId]) => {
      const page = this.page(caseId, request.cursors[caseId]?.position ?? 0, request.maxBytes);
      const isNews = page.runs.length > 0 || page.head.position < (request.cursors[caseId]?.position ?? 0);
      return isNews ? [this.twist(page)] : [];
    });
    return { events, cases: pages, more: pages.some((page) => page.more) };
  }

  compare({ points }: CompareRequest): CompareAnswer {
    const isKnown = ({ case: caseId, position, running }: CompareRequest['points'][number]) =>
      this.cases.get(caseId)?.heads[position]?.running === running;
    return { known: points.map(isKnown), visible: points.map(() => true) };
  }

  /** A copy of the logs as they are; the function returned brings the service back to it, as a backup would. */
  backUp(): (epoch: string) => void {
    const copy = structuredClone(this.cases);
    return (epoch) => {
      this.epoch = epoch;
      this.cases.clear();
      for (const [caseId, stored] of structuredClone(copy)) this.cases.set(caseId, stored);
    };
  }

  /** The part of a case's log after a position; never cuts a run. */
  page(caseId: CaseId, after: number, maxBytes = Number.POSITIVE_INFINITY): CasePage {
    const stored = this.#case(caseId);
    const runs: LogRun[] = [];
    let bytes = 0;
    const ahead = stored.runs.filter(({ first }) => first > after);
    for (const { run } of ahead) {
      bytes += JSON.stringify(run).length;
      if (bytes > maxBytes && runs.length > 0) break;
      runs.push(run);
    }
    const head = signHead(caseId, stored.heads.at(-1) ?? emptyLog, this.#options.signer);
    return { case: caseId, number: stored.number, runs, head, more: runs.length < ahead.length };
  }

  /** Resolves with the next push. */
  news(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }

  /** Answers the requests of a scripted server. */
  serve(scripted: ScriptedService, before: Before = () => false): void {
    scripted.answerWith(async (request, response) => {
      if (before(request, response)) return;
      if (request.path === '/v1/sync/hello') return json(response, 200, this.hello());
      const body = request.body as PushRequest & PullRequest; // our own client sent it
      if (body.epoch !== this.epoch) return json(response, 409, { code: 'service.epoch-changed' });
      if (request.path === '/v1/sync/compare')
        return json(response, 200, this.compare(request.body as CompareRequest));
      if (request.path === '/v1/sync/push') return json(response, 200, this.push(body));
      let answer = this.pull(body);
      if (answer.cases.length === 0 && answer.events.length === 0 && (body.waitMs ?? 0) > 0) {
        await this.news();
        answer = this.pull(body);
      }
      return json(response, 200, answer);
    });
  }

  #case(caseId: CaseId): StoredCase {
    const known = this.cases.get(caseId);
    if (known !== undefined) return known;
    const number = `2026-${String(this.cases.size + 1).padStart(4, '0')}`;
    const made: StoredCase = { number, runs: [], heads: [emptyLog], hashes: new Map() };
    this.cases.set(caseId, made);
    return made;
  }

  #takeSegment(segment: Segment): SegmentOutcome {
    const { crypto, signer } = this.#options;
    const key = this.#devices.get(segment.device)?.publicKey ?? new Uint8Array();
    const points = verifySegment(segment, key, crypto);
    const refused = this.refuse(segment.case);
    if (refused !== undefined) return { outcome: 'refused', case: segment.case, code: refused };
    const stored = this.#case(segment.case);
    const chain = stored.hashes.get(segment.device) ?? [];
    if (segment.from > chain.length + 1)
      return { outcome: 'refused', case: segment.case, code: 'change.gap' };
    if ((chain[segment.from - 2] ?? zeroHash) !== segment.prev) {
      return { outcome: 'refused', case: segment.case, code: 'change.chain-broken' };
    }
    const known = points.filter((point) => point.n <= chain.length).length;
    this.#append(stored, { segment, skip: known, hashes: points.map((point) => point.hash) });
    stored.hashes.set(segment.device, [...chain, ...points.slice(known).map((point) => point.hash)]);
    const head = signHead(segment.case, stored.heads.at(-1) ?? emptyLog, signer);
    const changes = points.map(({ n }, index) => {
      const { entry } = findEntry(stored, segment.device, n);
      const outcome = index < known ? ('duplicate' as const) : entry.status;
      return {
        n,
        outcome,
        position: entry.position,
        receivedAtMs: entry.receivedAtMs,
        ...(entry.code === undefined ? {} : { code: entry.code }),
      };
    });
    return { outcome: 'taken', case: segment.case, number: stored.number, changes, head };
  }

  #append(
    stored: StoredCase,
    { segment, skip, hashes }: { segment: Segment; skip: number; hashes: string[] },
  ) {
    const changes = segment.changes.slice(skip);
    if (changes.length === 0) return;
    const receivedAtMs = this.#options.nowMs();
    const first = (stored.heads.at(-1) ?? emptyLog).position + 1;
    const entries = changes.map((sealed, index) => {
      const head = readHead(sealed.head);
      const code = this.judge(head.id);
      const status = code === undefined ? ('applied' as const) : ('quarantined' as const);
      const effective = effectiveStamp(head.at, receivedAtMs);
      const changeHash = hashes[skip + index] ?? zeroHash;
      const last = stored.heads.at(-1) ?? emptyLog;
      const next = extendLog(last, { changeHash, status, effective, receivedAtMs }, this.#options.crypto);
      stored.heads.push(next);
      return {
        position: next.position,
        status,
        effective,
        receivedAtMs,
        ...(code === undefined ? {} : { code }),
      };
    });
    const { device, from, prev, sig } = segment;
    const to = from + segment.changes.length - 1;
    stored.runs.push({
      first,
      run: { device, n: from + skip, changes, entries, signed: { from, to, prev, sig } },
    });
  }
}

function findEntry(stored: StoredCase, device: DeviceId, n: number) {
  for (const { run } of stored.runs) {
    const entry = run.device === device ? run.entries[n - run.n] : undefined;
    if (entry !== undefined && n >= run.n) return { entry };
  }
  throw new Error('no such entry');
}
