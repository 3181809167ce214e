/** Fills the pages of a pull with whole signed runs, up to a number of bytes. */
import { toBase64Url } from '../../shared/bytes.ts';
import { type Reading, rightTo } from '../../shared/domain/reading.ts';
import { TmaError } from '../../shared/errors.ts';
import {
  type ChangeFields,
  readFields,
  readHead,
  type SealedChange,
  withheldChange,
} from '../../shared/sync/change.ts';
import { signHead } from '../../shared/sync/log.ts';
import type { CasePage, LogRun } from '../../shared/sync/wire.ts';
import type { Trx } from '../db/scope.ts';
import type { CaseCipher } from '../keys/caseKeys.ts';
import type { SyncContext } from './context.ts';
import {
  type Asker,
  type CaseAhead,
  changesIn,
  runsAfter,
  type StoredChange,
  type StoredRun,
} from './pullStore.ts';

import { isReadable, readsAll, toldAccess } from './reading.ts';

/** How many cases are looked at together, and how many runs of one case a page holds at most. */
const casesAtOnce = 64;
const runsPerCase = 200;

/** A case to hand out, from after a position on. */
export interface WantedCase extends CaseAhead {
  readonly after: number;
}

export interface Pages {
  readonly cases: readonly CasePage[];
  readonly more: boolean;
}

export interface PageRequest {
  readonly context: SyncContext;
  readonly trx: Trx;
  readonly asker: Asker;
  readonly maxBytes: number;
}

export async function fillPages(request: PageRequest, wanted: readonly WantedCase[]): Promise<Pages> {
  const cases: CasePage[] = [];
  let left = request.maxBytes;
  for (let at = 0; at < wanted.length; at += casesAtOnce) {
    const some = wanted.slice(at, at + casesAtOnce);
    const after = some.map(({ caseId, after: position }) => ({ caseId, position }));
    const runs = await runsAfter(request.trx, request.asker.tenant, { after, perCase: runsPerCase });
    const chosen = chooseRuns(runs, left, cases.length === 0);
    cases.push(...withoutRuns(request, some, runs), ...(await buildPages(request, some, chosen)));
    left -= chosen.reduce((sum, run) => sum + run.bytes, 0);
    const isFull = chosen.length < runs.length || left <= 0;
    if (isFull) return { cases, more: cases.length < wanted.length || cases.some((page) => page.more) };
  }
  return { cases, more: cases.some((page) => page.more) };
}

/** Runs from the front while they fit; the very first one always. */
function chooseRuns(runs: readonly StoredRun[], bytes: number, takesFirst: boolean): readonly StoredRun[] {
  let sum = 0;
  const end = runs.findIndex((run, index) => {
    sum += run.bytes;
    return sum > bytes && !(takesFirst && index === 0);
  });
  return end < 0 ? runs : runs.slice(0, end);
}

/**
 * A case that goes on and has nothing to show for it: somebody took it out past the service. The laptop is told how far
 * the log goes, finds that it does not, and says so.
 */
function withoutRuns(
  { context }: PageRequest,
  wanted: readonly WantedCase[],
  runs: readonly StoredRun[],
): readonly CasePage[] {
  const found = new Set(runs.map((run) => run.caseId));
  const missing = wanted.filter((one) => one.wrappedKey !== null && !found.has(one.caseId));
  return missing.map(({ caseId, number, position, running }) => {
    context.report(new Error('The log of a case ends before its head.'));
    const head = signHead(caseId, { position, running: toBase64Url(running) }, context.signer);
    return { case: caseId, number: number ?? '', runs: [], head, more: false };
  });
}

async function buildPages(
  request: PageRequest,
  wanted: readonly WantedCase[],
  runs: readonly StoredRun[],
): Promise<readonly CasePage[]> {
  const byCase = Map.groupBy(runs, (run) => run.caseId);
  const asked = wanted.filter((one) => byCase.has(one.caseId));
  const ranges = asked.map(({ caseId, after }) => {
    return { caseId, from: after + 1, to: byCase.get(caseId)?.at(-1)?.lastPosition ?? after };
  });
  const stored = ranges.length === 0 ? [] : await changesIn(request.trx, request.asker.tenant, ranges);
  const changes = Map.groupBy(stored, (change) => change.case_id);
  const pages = await Promise.all(
    asked.map((one) =>
      buildPage(request, one, { runs: byCase.get(one.caseId) ?? [], changes: changes.get(one.caseId) ?? [] }),
    ),
  );
  return pages.flatMap((page) => page ?? []);
}

interface Content {
  readonly runs: readonly StoredRun[];
  readonly changes: readonly StoredChange[];
}

async function buildPage(
  request: PageRequest,
  one: WantedCase,
  content: Content,
): Promise<CasePage | undefined> {
  const { context, asker } = request;
  const last = content.changes.at(-1);
  // Without its key a case has no content to hand out.
  if (last === undefined || one.wrappedKey === null) return undefined;
  const cipher = await context.caseKeys.open(asker.tenant, one.caseId, one.wrappedKey);
  const head = signHead(
    one.caseId,
    { position: last.position, running: toBase64Url(last.running) },
    context.signer,
  );
  return {
    case: one.caseId,
    ...toldAccess(one.reading),
    ...(one.anew ? { anew: true as const } : {}),
    number: one.number ?? '',
    // Of a run whose entries are gone nothing is left; the gap shows on the laptop.
    runs: content.runs
      .map((run) => {
        const isOwn = run.device === asker.device;
        const { reading, after } = one;
        return buildRun(run, { ...content, context, cipher, after, reading, isOwn });
      })
      .filter((run) => run.changes.length > 0),
    head,
    more: last.position < one.position,
  };
}

interface RunContent extends Content {
  readonly context: SyncContext;
  readonly cipher: CaseCipher;
  readonly after: number;
  readonly reading: Reading;
  /** Written on the laptop that asks. */
  readonly isOwn: boolean;
}

/** A run that the cursor stands in is handed out from there on; its signature still covers all of it. */
function buildRun(run: StoredRun, content: RunContent): LogRun {
  const { changes, after } = content;
  const first = Math.max(run.firstPosition, after + 1);
  const start = first - (changes[0]?.position ?? first);
  const ours = changes.slice(start, start + run.lastPosition - first + 1);
  return {
    device: run.device,
    n: run.n + (first - run.firstPosition),
    changes: ours.map((change) => carried(change, content)),
    entries: ours.map((change) => ({
      position: change.position,
      status: change.status,
      ...(change.code === null ? {} : { code: change.code }),
      effective: [change.effective_ms, change.effective_count] as const,
      receivedAtMs: change.received_ms,
    })),
    signed: {
      from: run.signedFrom,
      to: run.signedTo,
      prev: toBase64Url(run.prev),
      sig: toBase64Url(run.sig),
    },
  };
}

/**
 * What came without its content goes out without it, and so does what the person does not read; who wrote something
 * that does not count is not to lose it by that. So does content that was changed past the service: one laptop's chain
 * is then broken at that entry, which it says, and no other case has to wait for that.
 */
function carried(change: StoredChange, { cipher, context, reading, isOwn }: RunContent): SealedChange {
  const { head, sealed, payload_hash, position } = change;
  const withheld = () => withheldChange(head, toBase64Url(payload_hash));
  if (sealed.length === 0) return withheld();
  const isOwnRefusal = isOwn && change.status === 'quarantined';
  const { kind } = isOwnRefusal || readsAll(reading) ? anyKind : readHead(head);
  if (kind !== undefined && rightTo(reading.scope, kind) === undefined) return withheld();
  try {
    const content = cipher.openChange(sealed, position);
    const isOpen = kind === undefined || isReadable(reading, kind, () => fieldsOf(content.payload));
    return isOpen ? { head, ...content } : withheld();
  } catch (thrown) {
    context.report(thrown);
    return withheld();
  }
}

/** Of what is handed out whatever it is, the kind does not matter. */
const anyKind = { kind: undefined };

function fieldsOf(payload: string): ChangeFields | undefined {
  try {
    return readFields(payload);
  } catch (error) {
    if (error instanceof TmaError) return undefined;
    throw error;
  }
}
