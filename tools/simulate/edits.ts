/** What people do in their cases, through the same calls as the screens. */

import { appendOwnChanges } from '../../electron/core/storage/ownChanges.ts';
import { loadCaseRecords } from '../../electron/core/storage/recordStore.ts';
import type { StoredRecord } from '../../electron/core/storage/storedRecord.ts';
import { mayBegin } from '../../shared/domain/rights.ts';
import { caseStatuses, mayMove } from '../../shared/domain/workflow.ts';
import { TmaError } from '../../shared/errors.ts';
import { type CaseId, caseRecordId, newId, type RecordId, type UserId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { viewRecord } from '../../shared/sync/view.ts';
import type { SimLaptop } from './laptop.ts';
import { casesOf } from './look.ts';
import type { Chance } from './random.ts';

type Fields = Readonly<Record<string, Json>>;

/** Takes a report: begins a case. */
export async function takeReport({ core, owner }: SimLaptop, chance: Chance): Promise<void> {
  if (!mayBegin(owner.userRole)) return;
  await core.handlers['reports.take']({
    channel: 'phone',
    receivedAt: new Date(1_763_880_000_000).toISOString(),
    anonymous: chance.is(50),
    reporterName: null,
    reporterContact: null,
    who: 'Person im Fokus',
    whoIsAtRisk: null,
    what: `Meldung ${chance.between(1, 999)}`,
    where: null,
    when: null,
    behaviours: chance.is(50) ? ['leakage'] : [],
    emergency: false,
  });
}

/** One piece of work in one of the laptop's cases; does nothing where there is none. */
export async function work(laptop: SimLaptop, chance: Chance, people: readonly UserId[]): Promise<void> {
  const cases = await casesOf(laptop);
  if (cases.length === 0) return takeReport(laptop, chance);
  const caseId = chance.pick(cases);
  const { records, file } = await openFile(laptop, caseId);
  const desk: Desk = { laptop, chance, caseId, records, people };
  const kind = chance.between(1, 100);
  await unlessRefused(async () => {
    if (file === undefined || kind <= 25)
      await write(desk, 'note', { text: `Notiz ${chance.between(1, 999)}` });
    else if (kind <= 45) await change(desk, file, fileEdit(file, chance));
    else if (kind <= 60) await person(desk);
    else if (kind <= 68) await tags(desk);
    else if (kind <= 76) await removeOne(desk);
    else if (kind <= 90) await team(desk);
    else if (kind <= 95) await group(desk, file);
    else await ofNewerProgram(desk);
  });
}

/** Gives each case that is here another title. */
export async function retitleAll(laptop: SimLaptop, chance: Chance): Promise<void> {
  for (const caseId of await casesOf(laptop)) {
    const { records, file } = await openFile(laptop, caseId);
    const desk: Desk = { laptop, chance, caseId, records, people: [] };
    const title = `Titel ${chance.between(1, 99)}`;
    if (file !== undefined) await unlessRefused(() => change(desk, file, { title }));
  }
}

async function openFile({ core }: SimLaptop, caseId: CaseId) {
  const records = await loadCaseRecords(core.vault.db, caseId);
  return { records, file: records.find(({ id }) => id === caseRecordId(caseId)) };
}

/** What the laptop refuses up front was never committed. */
async function unlessRefused(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (thrown) {
    if (!(thrown instanceof TmaError) || thrown.code === 'internal') throw thrown;
  }
}

interface Desk {
  readonly laptop: SimLaptop;
  readonly chance: Chance;
  readonly caseId: CaseId;
  readonly records: readonly StoredRecord[];
  readonly people: readonly UserId[];
}

function newRecord({ chance, laptop }: Desk): RecordId {
  return newId<RecordId>({ nowMs: () => laptop.nowMs(), randomBytes: (length) => chance.bytes(length) });
}

async function write(desk: Desk, kind: string, values: Fields): Promise<void> {
  const fields = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, saw: [] }]),
  );
  const edits = [{ record: newRecord(desk), kind, op: 'create' as const, fields }];
  await desk.laptop.core.handlers['cases.edit']({ caseId: desk.caseId, edits });
}

function editOf({ id, state }: StoredRecord, values: Fields) {
  const { saw } = viewRecord(state);
  const fields = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, saw: [...(saw[name] ?? [])] }]),
  );
  return { record: id, kind: state.kind, op: 'update' as const, fields };
}

async function change(desk: Desk, record: StoredRecord, values: Fields): Promise<void> {
  const edits = [editOf(record, values)];
  await desk.laptop.core.handlers['cases.edit']({ caseId: desk.caseId, edits });
}

function fileEdit({ state }: StoredRecord, chance: Chance): Fields {
  const status = caseStatuses.find((one) => one === viewRecord(state).values.status);
  const next = caseStatuses.filter((to) => status !== undefined && mayMove(status, to));
  switch (chance.between(1, 4)) {
    case 1:
      return { level: chance.pick(['high', 'moderate', 'low']), levelRationale: 'Begründung' };
    case 2:
      return next.length > 0 ? { status: chance.pick(next) } : { title: 'ohne nächsten Schritt' };
    case 3:
      return { title: `Titel ${chance.between(1, 99)}` };
    default:
      return { site: `Standort ${chance.between(1, 9)}`, imminent: chance.is(50) };
  }
}

async function person(desk: Desk): Promise<void> {
  const known = desk.records.filter(({ state }) => state.kind === 'person');
  const name = `Person ${desk.chance.between(1, 99)}`;
  if (known.length === 0 || desk.chance.is(40)) return write(desk, 'person', { name, role: 'witness' });
  return change(desk, desk.chance.pick(known), { name });
}

async function tags(desk: Desk): Promise<void> {
  const reports = desk.records.filter(({ state }) => state.kind === 'report');
  if (reports.length === 0) return;
  const [one, other] = desk.chance.is(50) ? ['leakage', 'fixation'] : ['fixation', 'leakage'];
  return change(desk, desk.chance.pick(reports), { behaviours: { add: [one], remove: [other] } });
}

async function removeOne(desk: Desk): Promise<void> {
  const some = desk.records.filter(({ state }) => ['person', 'note'].includes(state.kind));
  if (some.length === 0) return;
  const { id, state } = desk.chance.pick(some);
  const edits = [{ record: id, kind: state.kind, op: 'remove' as const, fields: {} }];
  await desk.laptop.core.handlers['cases.edit']({ caseId: desk.caseId, edits });
}

/** Invites somebody, sends somebody away, or hands the lead over. */
async function team(desk: Desk): Promise<void> {
  const { chance, caseId, laptop, records, people } = desk;
  const members = records.filter(({ state }) => state.kind === 'member' && !viewRecord(state).removed);
  const user = chance.pick(people);
  if (members.length > 0 && chance.is(45)) {
    const { id } = chance.pick(members);
    const edits = [{ record: id, kind: 'member', op: 'remove' as const, fields: {} }];
    await desk.laptop.core.handlers['cases.edit']({ caseId, edits });
  } else if (chance.is(20)) {
    const file = records.find(({ id }) => id === caseRecordId(caseId));
    if (file !== undefined) await change(desk, file, { lead: user });
  } else {
    const untilMs = laptop.nowMs() + chance.between(1, 200) * 60_000;
    const until = chance.is(25) ? { until: new Date(untilMs).toISOString() } : {};
    await write(desk, 'member', {
      user,
      role: chance.pick(['lead', 'specialist', 'member', 'reviewer']),
      ...until,
    });
  }
}

/** Several edits that stand or fall together. */
async function group(desk: Desk, file: StoredRecord): Promise<void> {
  const fields = { text: { value: 'gehört zum Titel', saw: [] } };
  const note = { record: newRecord(desk), kind: 'note', op: 'create' as const, fields };
  const edits = [editOf(file, { title: `Gruppe ${desk.chance.between(1, 99)}` }), note];
  await desk.laptop.core.handlers['cases.edit']({ caseId: desk.caseId, edits });
}

/** What a later version of the program might write: a kind and a field that this one does not know. */
async function ofNewerProgram({ laptop, chance, caseId }: Desk): Promise<void> {
  const { vault, workspace } = laptop.core;
  const record = newId<RecordId>(workspace.author.ids);
  const value = { tief: [chance.between(1, 9), null, 'ü'] };
  const drafts = chance.is(50)
    ? [{ record, kind: 'later-kind', op: 'create' as const, fields: { something: { value, saw: [] } } }]
    : [
        {
          record: caseRecordId(caseId),
          kind: 'case',
          op: 'update' as const,
          fields: { later: { value, saw: [] } },
        },
      ];
  await vault.write(async (tx) => void (await appendOwnChanges(tx, workspace.author, { caseId, drafts })));
}
