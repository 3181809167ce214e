/** What a service might do that lies: to the content of an answer, to its order, to its end, to the past. */
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId } from '../../shared/ids.ts';
import { extendLog, type LogHead, signHead } from '../../shared/sync/log.ts';
import type { CasePage, PullAnswer } from '../../shared/sync/wire.ts';
import type { Chance } from './random.ts';
import type { Store } from './store.ts';

export const lieKinds = [
  'edited',
  'redated',
  'omitted',
  'reordered',
  'cut',
  'rolled-back',
  'forked',
] as const;
export type LieKind = (typeof lieKinds)[number];

export interface Lie {
  readonly kind: LieKind;
  /** The case it was told about, once it was told. */
  told: CaseId | undefined;
  tell(answer: PullAnswer): Promise<PullAnswer>;
}

type Page = CasePage;

export function prepareLie(store: Store, kind: LieKind, chance: Chance): Lie {
  const lie: Lie = {
    kind,
    told: undefined,
    async tell(answer) {
      if (lie.told !== undefined || answer.cases.length === 0) return answer;
      const at = chance.between(0, answer.cases.length - 1);
      const page = answer.cases[at];
      const twisted = page === undefined ? undefined : await twist(store, kind, page);
      if (twisted === undefined) return answer;
      lie.told = twisted.case;
      return { ...answer, cases: answer.cases.with(at, twisted) };
    },
  };
  return lie;
}

/** `undefined` where this page offers no way to tell that lie. */
async function twist(store: Store, kind: LieKind, page: Page): Promise<Page | undefined> {
  const [first] = page.runs;
  const last = page.runs.at(-1);
  if (first === undefined || last === undefined) return undefined;
  switch (kind) {
    case 'edited': {
      const payload = '{"text":{"saw":[],"value":"gefälscht"}}';
      const changes = first.changes.map((change, i) => (i === 0 ? { ...change, payload } : change));
      return { ...page, runs: [{ ...first, changes }, ...page.runs.slice(1)] };
    }
    case 'redated': {
      const entries = last.entries.map((entry) => ({ ...entry, receivedAtMs: entry.receivedAtMs + 1 }));
      return { ...page, runs: [...page.runs.slice(0, -1), { ...last, entries }] };
    }
    case 'omitted':
      return page.runs.length < 2 ? undefined : { ...page, runs: page.runs.slice(1) };
    case 'reordered':
      return page.runs.length < 2 ? undefined : { ...page, runs: page.runs.toReversed() };
    case 'cut':
      return { ...page, runs: page.runs.slice(0, -1), more: false };
    case 'rolled-back':
    case 'forked':
      return rewrite(store, kind, page);
  }
}

/** Another past, properly signed by the service's key. */
async function rewrite(store: Store, kind: 'rolled-back' | 'forked', page: Page): Promise<Page | undefined> {
  const rows = await store.inspect<{ position: number; hash: Buffer; running: Buffer }>(
    'select position, hash, running from changes where case_id = $1 order by position',
    [page.case],
  );
  const firstAt = page.runs[0]?.entries[0]?.position ?? 1;
  const runningAt = (position: number): LogHead => {
    const row = rows[position - 1];
    return {
      position,
      running: row === undefined ? toBase64Url(new Uint8Array(32)) : toBase64Url(row.running),
    };
  };
  const { signer } = store.serviceKeys;
  if (kind === 'rolled-back') {
    // The laptop holds what comes before this page: now the service says it was never there.
    if (firstAt < 3) return undefined;
    return { ...page, runs: [], more: false, head: signHead(page.case, runningAt(firstAt - 2), signer) };
  }
  let head = runningAt(firstAt - 1);
  const last = page.head.position;
  const runs = page.runs.map((run) => ({
    ...run,
    entries: run.entries.map((entry) => {
      const isLast = entry.position === last && entry.status === 'applied';
      const told = isLast
        ? { ...entry, status: 'quarantined' as const, code: 'access.denied' as const }
        : entry;
      const changeHash = toBase64Url(rows[entry.position - 1]?.hash ?? new Uint8Array(32));
      head = extendLog(head, { ...told, changeHash }, nodeCrypto);
      return told;
    }),
  }));
  if (head.running === page.head.running || page.more) return undefined;
  return { ...page, runs, head: signHead(page.case, head, signer) };
}
