/** A small case of two laptops, its log and its witness, made with the product's own functions; for tests. */
import { nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url } from '../bytes.ts';
import type { CaseId, ChangeId, DeviceId, RecordId, TenantId } from '../ids.ts';
import {
  type ChainPoint,
  chainStart,
  type SealedChange,
  sealChange,
  withhold,
  zeroHash,
} from '../sync/change.ts';
import { emptyLog, extendLog, type LogHead, signHead } from '../sync/log.ts';
import { chainChanges, signSegment } from '../sync/segment.ts';
import type { ChainLine, EntryLine } from './chainFile.ts';
import { HashTree } from './merkle.ts';
import { auditLeaf, caseLeaf, linkOf, type SignedStatement, signStatement } from './witness.ts';

const id = (last: number) => `019a0000-0000-7000-8000-${last.toString(16).padStart(12, '0')}`;
export const tenant = id(1) as unknown as TenantId; // ids are branded texts of this form
export const caseId = id(2) as unknown as CaseId;
export const devices = [id(3), id(4)].map((one) => one as unknown as DeviceId);
export const service = signerFromSeed(new Uint8Array(32).fill(9));
const signers = [signerFromSeed(new Uint8Array(32).fill(1)), signerFromSeed(new Uint8Array(32).fill(2))];

const startMs = Date.parse('2026-11-28T10:00:00Z');

export interface MadeCase {
  readonly lines: readonly ChainLine[];
  readonly roots: readonly SignedStatement[];
}

export interface Making {
  readonly of?: CaseId;
  /** Who writes how many changes, push by push. */
  readonly pushes?: readonly (readonly [device: number, changes: number])[];
  /** So many of the pushes come before the first statement, the rest before the second. */
  readonly witnessedAfter?: number;
  /** Makes the texts of one case differ from another's. */
  readonly words?: string;
}

export function makeCase(making: Making = {}): MadeCase {
  const {
    of = caseId,
    pushes = [
      [0, 3],
      [1, 2],
      [0, 1],
      [1, 4],
    ],
    words = 'text',
    witnessedAfter = 2,
  } = making;
  const entries: EntryLine[] = [];
  const others: ChainLine[] = [];
  const roots: SignedStatement[] = [];
  const points = new Map<number, ChainPoint>();
  let head: LogHead = emptyLog;
  for (const [index, [who, count]] of pushes.entries()) {
    const device = deviceAt(who);
    const prev = points.get(who) ?? chainStart;
    const changes = Array.from({ length: count }, (_, at) => change(`${words} ${index}.${at}`, head));
    const draft = { caseId: of, device, prev, changes };
    const segment = signSegment(draft, signerAt(who), nodeCrypto);
    for (const [at, point] of chainChanges(draft, nodeCrypto).entries()) {
      const sealed = changes[at];
      if (sealed === undefined) continue;
      const receivedAtMs = startMs + index * 60_000;
      const arrival = {
        changeHash: point.hash,
        status: index === 2 ? ('quarantined' as const) : ('applied' as const),
        effective: [receivedAtMs, at] as const,
        receivedAtMs,
      };
      head = extendLog(head, arrival, nodeCrypto);
      const { changeHash, ...entry } = arrival;
      const { payloadHash } = withhold(sealed, nodeCrypto);
      const what = { device, n: point.n, head: sealed.head, payloadHash, hash: changeHash };
      entries.push({ type: 'entry', position: head.position, ...what, ...entry });
      points.set(who, point);
    }
    const { from, prev: before, sig } = segment;
    others.push({ type: 'segment', device, from, to: from + count - 1, prev: before, sig });
    others.push({ type: 'head', ...signHead(of, head, service) });
    if (index + 1 === witnessedAfter || index + 1 === pushes.length)
      others.push(witness(of, { head, roots, hour: roots.length }));
  }
  const first: ChainLine = {
    ...{ type: 'chain', version: 1, tenant, case: of, epoch: 'first', madeAtMs: startMs + 7_200_000 },
    ...{ serviceKey: toBase64Url(service.publicKey), entries: entries.length },
  };
  const keys = devices.map((device, at): ChainLine => {
    return { type: 'device', id: device, key: toBase64Url(signerAt(at).publicKey) };
  });
  return { lines: [first, ...keys, ...entries, ...others, { type: 'end', entries: entries.length }], roots };
}

/** A statement about this case and some others, added to those that were made before. */
function witness(
  of: CaseId,
  made: { readonly head: LogHead; readonly roots: SignedStatement[]; readonly hour: number },
): ChainLine {
  const { head, roots, hour } = made;
  const audit = { position: 1, hash: zeroHash };
  const neighbours = [11, 12, 13].map((n) => caseLeaf(id(n) as unknown as CaseId, head));
  const tree = new HashTree([auditLeaf(tenant, audit), caseLeaf(of, head), ...neighbours], nodeCrypto);
  const before = roots.at(-1);
  const statement = signStatement(
    {
      ...{ version: 1, tenant, hour: `2026-11-28T${10 + hour}:00:00Z`, epoch: 'first', cases: 4, audit },
      root: toBase64Url(tree.root(nodeCrypto)),
      previous: before === undefined ? zeroHash : linkOf(before, nodeCrypto),
    },
    service,
  );
  roots.push(statement);
  const { index, size, path } = tree.pathOf(1);
  const proof = { index, size, path: path.map(toBase64Url) };
  return { type: 'witness', statement, position: head.position, running: head.running, proof };
}

let made = 100;
function change(text: string, seen: LogHead): SealedChange {
  made += 1;
  const head = {
    id: id(made) as unknown as ChangeId,
    record: id(made + 10_000) as unknown as RecordId,
    ...{ kind: 'note', op: 'create' as const, at: [startMs, 0] as const, schema: 1 },
    seen: [seen.position, seen.running] as const,
  };
  return sealChange({ head, fields: { text: { value: text, saw: [] } } }, nodeCrypto);
}

function deviceAt(at: number): DeviceId {
  const device = devices[at];
  if (device === undefined) throw new RangeError('no such device');
  return device;
}

function signerAt(at: number) {
  const signer = signers[at];
  if (signer === undefined) throw new RangeError('no such device');
  return signer;
}
