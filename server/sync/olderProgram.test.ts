/** What an older program holds is always taken, and what a newer one wrote goes through it unharmed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto, systemIds } from '../../platform/crypto.ts';
import { schemaVersion } from '../../shared/domain/kinds.ts';
import { type CaseId, type ChangeId, caseRecordId, newId, type RecordId } from '../../shared/ids.ts';
import type { ChainPoint, ChangeFields, SealedChange } from '../../shared/sync/change.ts';
import type { RecordState } from '../../shared/sync/merge.ts';
import type { Segment } from '../../shared/sync/segment.ts';
import type { PushAnswer } from '../../shared/sync/wire.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { loadOlderProgram, type OlderProgram } from '../testing/olderProgram.test-support.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let epoch: string;
let older: OlderProgram;

beforeAll(async () => {
  older = await loadOlderProgram();
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('older') });
  epoch = world.service.epoch;
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

interface OldEdit {
  readonly record: RecordId;
  readonly kind: string;
  readonly op: 'create' | 'update';
  readonly fields: ChangeFields;
}

/** The older program at work on a laptop: its schemas, its sealing, its signature. */
function writeOld(laptop: Laptop, caseId: CaseId, prev: ChainPoint, ...edits: readonly OldEdit[]): Segment {
  const changes = edits.map(({ fields, ...edit }): SealedChange => {
    const kind = older.kindSpec(edit.kind);
    if (kind === undefined) throw new Error('it writes only what it knows');
    for (const [field, { value }] of Object.entries(fields)) older.checkFieldEdit(kind, field, value);
    const head = {
      ...edit,
      id: newId<ChangeId>(systemIds),
      at: [Date.now(), 0] as const,
      schema: older.schemaVersion,
      seen: [0, ''] as const,
    };
    return older.sealChange({ head, fields }, nodeCrypto);
  });
  return older.signSegment({ caseId, device: laptop.device, prev, changes }, laptop.signer, nodeCrypto);
}

const outcomes = ({ segments }: PushAnswer) =>
  segments.flatMap((one) =>
    one.outcome === 'taken' ? one.changes.map(({ outcome }) => outcome) : [one.code],
  );

/** What the older program makes of the changes to a record. */
function viewedByOld(record: RecordId, changes: readonly SealedChange[], laptop: Laptop) {
  let state: RecordState | undefined;
  for (const { head, fields } of changes.map((change) => older.readChange(change))) {
    if (head.record !== record) continue;
    const arrived = { head, fields, device: laptop.device, effective: head.at };
    state = older.applyChange(state, arrived, older.domainPolicy);
  }
  return state === undefined ? undefined : older.viewRecord(state);
}

describe('an older program', () => {
  it('is one: it knew fewer kinds of record', () => {
    expect(older.schemaVersion).toBeLessThan(schemaVersion);
    expect(older.kindSpec('evidence')).toBeUndefined();
  });

  it('hands in everything it holds, and it says what it said there', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const [file, noteId] = [caseRecordId(caseId), newRecordId()];
    const value = <T>(of: T) => ({ value: of, saw: [] });
    const segment = writeOld(
      laptop,
      caseId,
      older.chainStart,
      {
        record: file,
        kind: 'case',
        op: 'create',
        fields: { status: value('received'), title: value('Alt') },
      },
      { record: noteId, kind: 'note', op: 'create', fields: { text: value('noch zu senden') } },
    );
    await laptop.ask('/v1/sync/hello', { program: '0.1.0', protocol: 1, schema: older.schemaVersion });
    expect(outcomes((await laptop.push(epoch, segment)).body)).toEqual(['applied', 'applied']);
    const reader = await readAll(laptop, world);
    for (const record of [file, noteId]) {
      expect(reader.view(record)?.values).toEqual(viewedByOld(record, segment.changes, laptop)?.values);
    }
  });

  it('keeps what a newer one wrote as it is, and writes beside it without taking anything away', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const [file, strange] = [caseRecordId(caseId), newRecordId()];
    const newer = laptop.write(
      caseId,
      { ...received(), schema: 99, fields: { ...received().fields, horizon: { years: 3 } } },
      { kind: 'drone-flight', record: strange, op: 'create', schema: 99, fields: { height: [1, 2] } },
    );
    await laptop.push(epoch, newer);
    const { body } = await laptop.pull(epoch);
    const page = body.cases.find((one) => one.case === caseId);
    const changes = page?.runs.flatMap((run) => run.changes) ?? [];
    expect(changes).toEqual(newer.segment.changes);
    expect(viewedByOld(file, changes, laptop)?.values).toMatchObject({ horizon: { years: 3 } });
    expect(viewedByOld(strange, changes, laptop)?.values).toEqual({ height: [1, 2] });
    const draft = { caseId, device: laptop.device, prev: older.chainStart, changes };
    const last = older.chainChanges(draft, nodeCrypto).at(-1) ?? older.chainStart;
    const title = { value: 'vom alten Programm', saw: [newer.ids[0] ?? newId<ChangeId>(systemIds)] };
    const edit = writeOld(laptop, caseId, last, {
      record: file,
      kind: 'case',
      op: 'update',
      fields: { title },
    });
    expect(outcomes((await laptop.push(epoch, edit)).body)).toEqual(['applied']);
    const reader = await readAll(laptop, world);
    expect(reader.view(file)?.values).toMatchObject({ title: 'vom alten Programm', horizon: { years: 3 } });
    expect(reader.view(strange)?.values).toEqual({ height: [1, 2] });
  });
});
