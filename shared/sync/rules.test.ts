import { describe, expect, it } from 'vitest';
import type { CaseId, ChangeId, DeviceId, RecordId, UserId } from '../ids.ts';
import type { Json } from '../json.ts';
import { type ChangeFields, type Op, removedField } from './change.ts';
import { applyChange, type RecordState } from './merge.ts';
import { refusalOf } from './rules.ts';
import { domainPolicy } from './view.ts';

const id = (last: number) => `019a0000-0000-7000-8000-${last.toString(16).padStart(12, '0')}`;
const caseId = id(1) as unknown as CaseId; // ids are branded texts of this form
const record = id(2) as unknown as RecordId;
const [ada, bo] = [id(3), id(4)].map((one) => one as unknown as UserId);
const device = id(5) as unknown as DeviceId;

let changes = 10;
type Values = Readonly<Record<string, Json>>;
const edit = (values: Values, saw: readonly ChangeId[] = []): ChangeFields =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, saw: [...saw] }]));

interface Write {
  readonly kind?: string;
  readonly op?: Op;
  readonly on?: CaseId;
}
function written(
  state: RecordState | undefined,
  fields: ChangeFields,
  kind: string,
): [RecordState, ChangeId] {
  changes += 1;
  const change = id(changes) as unknown as ChangeId;
  const head = { id: change, record, kind, op: 'update' as const, at: [1, 0] as const, schema: 1 };
  const arrived = { head: { ...head, seen: [0, ''] as const }, fields, device, effective: [1, 0] as const };
  return [applyChange(state, arrived, domainPolicy), change];
}
const judge = (
  fields: ChangeFields,
  state: RecordState | undefined,
  { kind = 'assessment', op = 'update', on }: Write = {},
  author: UserId | undefined = ada,
) => {
  if (author === undefined) throw new Error('an author');
  const head = { kind, op, schema: 1, record: kind === 'case' ? (caseId as unknown as RecordId) : record };
  return refusalOf(
    { head, fields },
    { caseId: on ?? caseId, author, state, statusWrittenBy: () => undefined },
  );
};
const signature = (by: UserId | undefined) => ({ by: String(by), at: '2026-11-28T10:00:00Z' });

describe('a signed assessment', () => {
  const [begun, first] = written(undefined, edit({ rationale: 'because', instrument: 'x' }), 'assessment');
  const [signed] = written(begun, edit({ signature: signature(ada) }), 'assessment');

  it('is signed by whoever writes the signature, and nobody else', () => {
    expect(judge(edit({ signature: signature(ada) }), begun)).toBeUndefined();
    expect(judge(edit({ signature: signature(ada) }), begun, {}, bo)).toBe('record.field-invalid');
  });

  it('does not change any more: not its text, its items, their evidence, its signature; nor does it go', () => {
    const item = { coding: 'present', change: null, confidence: null, lastObserved: null, note: '' };
    const attempts: readonly ChangeFields[] = [
      edit({ rationale: 'otherwise' }, [first]),
      edit({ 'item.pathway': item }),
      edit({ 'evidence.pathway': { add: [id(9)], remove: [] } }),
      edit({ signature: null }),
      edit({ signature: signature(ada) }),
      edit({ level: 'low' }),
      edit({ [removedField]: true }),
    ];
    for (const fields of attempts) expect(judge(fields, signed)).toBe('assessment.signed');
    expect(judge(edit({ rationale: 'otherwise' }), begun)).toBeUndefined();
  });

  it('may be settled where two wrote apart, and only there', () => {
    const [contested] = written(signed, edit({ rationale: 'apart' }), 'assessment');
    expect(judge(edit({ rationale: 'agreed' }), contested)).toBeUndefined();
    expect(judge(edit({ rationale: 'agreed', instrument: 'y' }), contested)).toBe('assessment.signed');
  });

  it('of which two signatures stand may be agreed on either, not on a third', () => {
    const [two] = written(signed, edit({ signature: signature(bo) }), 'assessment');
    expect(judge(edit({ signature: signature(bo) }), two)).toBeUndefined();
    const third = id(7) as unknown as UserId;
    expect(judge(edit({ signature: signature(third) }), two)).toBe('record.field-invalid');
  });
});

describe('a level', () => {
  it('is decided with a rationale, unless a contested one is settled', () => {
    const of = { kind: 'case' };
    expect(judge(edit({ level: 'high' }), undefined, of)).toBe('assessment.rationale-missing');
    expect(judge(edit({ level: 'high', levelRationale: '  ' }), undefined, of)).toBe(
      'assessment.rationale-missing',
    );
    expect(judge(edit({ level: 'high', levelRationale: 'he said so' }), undefined, of)).toBeUndefined();
    expect(judge(edit({ level: null }), undefined, of)).toBeUndefined();
    const saw = [id(20), id(21)].map((one) => one as unknown as ChangeId);
    expect(judge(edit({ level: 'high' }, saw), undefined, of)).toBeUndefined();
  });
});

describe('a piece of evidence', () => {
  it('may be described anew and taken out, and is never another', () => {
    const [there] = written(undefined, edit({ name: 'a.pdf', sha256: 'a'.repeat(64) }), 'evidence');
    const of = { kind: 'evidence' };
    expect(judge(edit({ description: 'letter' }), there, of)).toBeUndefined();
    expect(judge(edit({ [removedField]: true }), there, of)).toBeUndefined();
    expect(judge(edit({ sha256: 'b'.repeat(64) }), there, of)).toBe('evidence.settled');
  });
});

describe('the maker of a record', () => {
  it('is who wrote it', () => {
    expect(judge(edit({ takenBy: String(ada) }), undefined, { kind: 'report' })).toBeUndefined();
    expect(judge(edit({ takenBy: String(bo) }), undefined, { kind: 'report' })).toBe('record.field-invalid');
    expect(judge(edit({ startedBy: String(bo) }), undefined)).toBe('record.field-invalid');
  });
});

describe('the record of the case', () => {
  it('cannot be removed, nor be of another case', () => {
    expect(judge(edit({ [removedField]: true }), undefined, { kind: 'case' })).toBe('change.malformed');
    const on = id(99) as unknown as CaseId;
    expect(judge(edit({ title: 'x' }), undefined, { kind: 'case', on })).toBe('change.malformed');
  });
});
