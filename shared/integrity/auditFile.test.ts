/** S06: whoever changes, drops, moves, cuts off or sets back the audit log is found out. */
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../bytes.ts';
import { canonical } from '../sync/canonical.ts';
import { type AuditLine, readAuditFile, verifyAudit } from './auditFile.ts';
import { service, tenant } from './chain.test-support.ts';
import { extendAudit, signCheckpoint } from './checkpoint.ts';
import { HashTree } from './merkle.ts';
import { auditLeaf, signStatement } from './witness.ts';

const serviceKey = toBase64Url(service.publicKey);

function makeAudit(count: number): readonly AuditLine[] {
  const entries: AuditLine[] = [];
  let hash: Uint8Array = new Uint8Array(32);
  for (let position = 1; position <= count; position += 1) {
    const entry = canonical({ type: 'user.created', atMs: position });
    hash = extendAudit(hash, entry, nodeCrypto);
    entries.push({ type: 'entry', position, entry, hash: toBase64Url(hash) });
  }
  const head = { position: count, hash: toBase64Url(hash) };
  const leaf = auditLeaf(tenant, head);
  const other = nodeCrypto.sha256(new Uint8Array(1));
  const tree = new HashTree([leaf, other], nodeCrypto);
  const statement = signStatement(
    {
      ...{ version: 1, tenant, hour: '2026-11-28T10:00:00Z', epoch: 'first', cases: 1, audit: head },
      ...{ root: toBase64Url(tree.root(nodeCrypto)), previous: toBase64Url(new Uint8Array(32)) },
    },
    service,
  );
  const { index, size, path } = tree.pathOf(0);
  const madeAtMs = Date.parse('2026-11-28T10:30:00Z');
  return [
    { type: 'audit', version: 1, tenant, serviceKey, epoch: 'first', madeAtMs, entries: count },
    ...entries,
    { type: 'checkpoint', ...signCheckpoint({ tenant, ...head }, service) },
    { type: 'witness', statement, proof: { index, size, path: path.map(toBase64Url) } },
    { type: 'end', entries: count },
  ];
}

const sound = makeAudit(6);
const verdict = (lines: readonly AuditLine[]) => {
  const file = readAuditFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  if ('unreadableLine' in file) throw new Error(`line ${file.unreadableLine} is unreadable`);
  return verifyAudit(file, { crypto: nodeCrypto, serviceKey });
};
const found = (lines: readonly AuditLine[]) => {
  const result = verdict(lines);
  return result.outcome === 'broken' ? result.at : 'nothing';
};

describe('S06: the audit log', () => {
  it('verifies as it is, to the newest statement of the witness', () => {
    expect(verdict(sound)).toMatchObject({
      ...{ outcome: 'sound', entries: 6, checkpoints: 1, witnessed: { position: 6 } },
    });
  });

  it('shows an entry that was edited, with its hash or without', () => {
    const edited = sound.map((line) =>
      line.type === 'entry' && line.position === 3 ? { ...line, entry: '{}' } : line,
    );
    expect(found(edited)).toEqual({ kind: 'edited', position: 3 });
    const forged = makeAudit(6).map((line) =>
      line.type === 'entry' && line.position === 6
        ? {
            ...line,
            entry: '{}',
            hash: toBase64Url(extendAudit(Buffer.from(hashAt(5), 'base64url'), '{}', nodeCrypto)),
          }
        : line,
    );
    expect(found(forged)).toEqual({ kind: 'edited', position: 6 });
  });

  it('shows one that is missing, moved, or cut off', () => {
    expect(found(sound.filter((_line, at) => at !== 3))).toEqual({ kind: 'omitted', position: 3 });
    expect(found([sound[0], sound[2], sound[1], ...sound.slice(3)].flatMap((line) => line ?? []))).toEqual({
      kind: 'reordered',
      position: 1,
    });
    expect(found(sound.filter((_line, at) => at !== 6))).toEqual({ kind: 'truncated', position: 6 });
  });

  it('shows that it was set back: shorter than what was witnessed', () => {
    const short = makeAudit(4).filter((line) => line.type !== 'witness');
    const witness = sound.find((line) => line.type === 'witness');
    expect(found([...short.slice(0, -1), ...(witness ? [witness] : []), ...short.slice(-1)])).toEqual({
      kind: 'rolled-back',
      position: 5,
    });
  });

  it('shows a checkpoint or a statement that the service did not sign', () => {
    const checkpoint = sound.map((line) =>
      line.type === 'checkpoint' ? { ...line, position: 5, hash: hashAt(5) } : line,
    );
    expect(found(checkpoint)).toEqual({ kind: 'signature', position: 5 });
    const proof = sound.map((line) =>
      line.type === 'witness' ? { ...line, proof: { ...line.proof, path: [] } } : line,
    );
    expect(found(proof)).toMatchObject({ kind: 'unproved' });
  });
});

function hashAt(position: number): string {
  const line = sound.find((one) => one.type === 'entry' && one.position === position);
  return line?.type === 'entry' ? line.hash : '';
}
