/** A client that was tampered with can send anything; what the screens do not allow does not count here either. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseId, ChangeId, RecordId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Edit, type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let ada: Laptop;
let bo: Laptop;
let caseId: CaseId;
let opened: readonly ChangeId[];

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('rules') });
  ada = await world.laptop('Ada');
  bo = await world.laptop('Bo');
  caseId = newCaseId();
  const first = ada.write(caseId, received());
  await ada.push(world.service.epoch, first);
  const given = { user: bo.user ?? '', role: 'specialist' };
  const second = ada.write(
    caseId,
    { fields: { status: 'gathering', lead: ada.user ?? '' }, saw: first.ids },
    { kind: 'member', op: 'create', record: newRecordId(), fields: given },
  );
  await ada.push(world.service.epoch, second);
  opened = second.ids;
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

async function codes(laptop: Laptop, ...edits: readonly Edit[]) {
  const { body } = await laptop.push(world.service.epoch, laptop.write(caseId, ...edits));
  const [segment] = body.segments;
  if (segment?.outcome !== 'taken') throw new Error('the segment was not taken');
  return segment.changes.map((change) => change.code ?? change.outcome);
}
const signature = (laptop: Laptop) => ({ by: laptop.user ?? '', at: '2026-11-28T10:00:00Z' });
const assessment = (record: RecordId, fields: Readonly<Record<string, Json>>, op: Edit['op'] = 'update') => ({
  ...{ kind: 'assessment', record, op, fields },
});
const valuesOf = async (record: RecordId) => (await readAll(ada, world)).view(record)?.values ?? {};

describe('a forged client', () => {
  it('cannot change a signed assessment: the edit is kept with its code and does not count', async () => {
    const record = newRecordId();
    const begun = { instrument: 'screening', rationale: 'weil er es sagte', startedBy: ada.user ?? '' };
    expect(await codes(ada, assessment(record, begun, 'create'))).toEqual(['applied']);
    expect(await codes(ada, assessment(record, { signature: signature(ada) }))).toEqual(['applied']);
    for (const forger of [ada, bo]) {
      expect(await codes(forger, assessment(record, { rationale: 'anders' }))).toEqual(['assessment.signed']);
      expect(await codes(forger, assessment(record, { signature: null }))).toEqual(['assessment.signed']);
      expect(await codes(forger, assessment(record, { $removed: true }, 'remove'))).toEqual([
        'assessment.signed',
      ]);
    }
    expect(await valuesOf(record)).toMatchObject({ rationale: 'weil er es sagte' });
  });

  it('cannot sign for somebody else, or say that somebody else began', async () => {
    const record = newRecordId();
    const begun = { instrument: 'screening', startedBy: bo.user ?? '' };
    expect(await codes(ada, assessment(record, begun, 'create'))).toEqual(['record.field-invalid']);
    const own = { ...begun, startedBy: ada.user ?? '' };
    expect(await codes(ada, assessment(record, own, 'create'))).toEqual(['applied']);
    expect(await codes(bo, assessment(record, { signature: signature(ada) }))).toEqual([
      'record.field-invalid',
    ]);
  });

  it('cannot skip steps of the workflow, decide a level without a rationale, or remove the case', async () => {
    const [status] = opened;
    const saw = status === undefined ? [] : [status];
    expect(await codes(ada, { fields: { status: 'closed' }, saw })).toEqual(['case.transition-refused']);
    expect(await codes(ada, { fields: { level: 'high' } })).toEqual(['assessment.rationale-missing']);
    expect(await codes(ada, { op: 'remove', fields: { $removed: true } })).toEqual(['change.malformed']);
  });

  it('cannot write what the person’s role in the case does not allow', async () => {
    const given = { user: bo.user ?? '', role: 'lead' };
    const promoted = { kind: 'member', op: 'create' as const, record: newRecordId(), fields: given };
    expect(await codes(bo, promoted)).toEqual(['access.denied']);
  });
});
