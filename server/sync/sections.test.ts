/** What a member sees and writes whose invitation names sections, and what of a case is sealed even from its team. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { glassOpenMs } from '../../shared/domain/kinds/glass.ts';
import type { CaseId, ChangeId, RecordId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { removedField } from '../../shared/sync/change.ts';
import type { BrokenGlass, PushAnswer } from '../../shared/sync/wire.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Edit, type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let epoch: string;
let nowMs = Date.now();

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  const ownerUrl = await postgres.createDatabase('sections');
  world = await startWorld({ ownerUrl, deps: { nowMs: () => nowMs } });
  epoch = world.service.epoch;
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

const create = (kind: string, fields: Record<string, Json>, record = newRecordId()): Edit => {
  return { kind, op: 'create', record, fields, atMs: nowMs };
};
const codesOf = ({ segments }: PushAnswer) =>
  segments.flatMap((one) =>
    one.outcome === 'taken' ? one.changes.map((c) => c.code ?? c.outcome) : one.code,
  );
async function push(laptop: Laptop, caseId: CaseId, ...edits: Edit[]) {
  return codesOf((await laptop.push(epoch, laptop.write(caseId, ...edits))).body);
}

interface Invitation {
  readonly role?: string;
  readonly sections?: Json;
  readonly compartments?: Json;
}
const invite = (laptop: Laptop, { role = 'member', ...more }: Invitation, record = newRecordId()): Edit => {
  return create('member', { user: laptop.user ?? '', role, until: null, ...more }, record);
};

/** A case with something in each section, and what its lead wrote into which record. */
async function newCase(lead: Laptop) {
  const caseId = newCaseId();
  const begun = lead.write(caseId, received());
  await lead.push(epoch, begun);
  const [report, person, observation, note] = [newRecordId(), newRecordId(), newRecordId(), newRecordId()];
  await push(
    lead,
    caseId,
    { fields: { status: 'gathering', lead: lead.user ?? '' }, saw: begun.ids },
    create('report', { what: 'Droht am Telefon' }, report),
    { kind: 'report', record: report, fields: { reporterName: 'Jana Beck' } },
    create('person', { name: 'J. Beck' }, person),
    { kind: 'person', record: person, fields: { medical: 'In Behandlung' } },
    create('observation', { text: 'Steht am Tor' }, observation),
    create('note', { text: 'Rückruf' }, note),
  );
  return { caseId, report, person, observation, note };
}

async function shownTo(laptop: Laptop, records: Readonly<Record<string, RecordId | CaseId>>) {
  const reader = await readAll(laptop, world);
  return Object.entries(records).flatMap(([name, id]) => {
    const values = reader.view(id as RecordId)?.values;
    return values === undefined ? [] : [`${name}: ${Object.keys(values).sort().join(' ')}`];
  });
}

describe('a member whose invitation names sections', () => {
  it('is handed those with their content and the rest without, in a log that verifies', async () => {
    const [lead, doctor] = [await world.laptop('Ada'), await world.laptop('Doc', 'member')];
    const { caseId, ...records } = await newCase(lead);
    await push(lead, caseId, invite(doctor, { sections: { persons: 'read' }, compartments: ['medical'] }));
    expect(await shownTo(doctor, records)).toEqual(['person: medical name']);
    const [ofLead, ofDoctor] = [await readAll(lead, world), await readAll(doctor, world)];
    expect(ofDoctor.heads.get(caseId)).toEqual(ofLead.heads.get(caseId));
    expect(new Set(ofDoctor.withheld.keys())).toEqual(
      new Set([records.report, records.observation, records.note]),
    );
    expect(ofDoctor.access.get(caseId)).toMatchObject({ standing: 'member', sections: { persons: 'read' } });
    expect(JSON.stringify((await doctor.pull(epoch)).body)).not.toMatch(/Droht|Jana|Steht|Rückruf/);
  });

  it('writes what it may write, and is told of the rest change by change', async () => {
    const [lead, member] = [await world.laptop('Ada'), await world.laptop('Max', 'member')];
    const { caseId, person } = await newCase(lead);
    await push(lead, caseId, invite(member, { sections: { persons: 'read', observations: 'write' } }));
    const codes = await push(
      member,
      caseId,
      { kind: 'person', record: person, fields: { note: 'x' } },
      create('note', { text: 'x' }),
      create('observation', { text: 'Wieder am Tor' }),
      { fields: { title: 'x' } },
      create('something-newer', { text: 'x' }),
    );
    expect(codes).toEqual(['access.denied', 'access.denied', 'applied', 'access.denied', 'access.denied']);
    // What does not count, its author has all the same.
    expect(JSON.stringify((await member.pull(epoch)).body)).toContain('something-newer');
    expect(await push(lead, caseId, create('assessment', { startedBy: lead.user ?? '' }))).toEqual([
      'applied',
    ]);
  });

  it('is given the case anew, under another grant, when the invitation opens more or less', async () => {
    const [lead, member] = [await world.laptop('Ada'), await world.laptop('Max', 'member')];
    const { caseId, ...records } = await newCase(lead);
    const record = newRecordId();
    const invited = lead.write(caseId, invite(member, { sections: { persons: 'read' } }, record));
    await lead.push(epoch, invited);
    const { cursors } = await readAll(member, world);
    const wider = lead.write(caseId, {
      ...{ kind: 'member', record, saw: invited.ids },
      fields: { sections: { persons: 'read', notes: 'read' } },
    });
    await lead.push(epoch, wider);
    const { body } = await member.pull(epoch, { cursors });
    expect(body.cases.map((page) => [page.access?.grant, page.runs[0]?.entries[0]?.position])).toEqual([
      [2, 1],
    ]);
    expect(body.events.map(({ type }) => type)).toEqual(['granted', 'granted']);
    expect(await shownTo(member, records)).toEqual(['person: name', 'note: text']);
    await push(lead, caseId, {
      ...{ kind: 'member', record, saw: wider.ids },
      fields: { sections: { observations: 'read' } },
    });
    expect(await shownTo(member, records)).toEqual(['observation: text']);
  });

  it('has what both name while two leads name different sections apart', async () => {
    const [lead, member] = [await world.laptop('Ada'), await world.laptop('Max', 'member')];
    const { caseId, ...records } = await newCase(lead);
    const record = newRecordId();
    const invited = lead.write(caseId, invite(member, { sections: null }, record));
    await lead.push(epoch, invited);
    const name = (sections: Json): Edit => ({
      kind: 'member',
      record,
      saw: invited.ids,
      fields: { sections },
    });
    await push(lead, caseId, name({ persons: 'write', notes: 'read' }), name({ persons: 'read' }));
    expect(await shownTo(member, records)).toEqual(['person: name']);
    expect(await push(member, caseId, create('person', { name: 'x' }))).toEqual(['access.denied']);
  });
});

describe('a sealed compartment', () => {
  it('is closed to the rest of the team, also for writing, and open to those named', async () => {
    const [lead, max, eva] = [
      await world.laptop('Ada'),
      await world.laptop('Max'),
      await world.laptop('Eva'),
    ];
    const { caseId, ...records } = await newCase(lead);
    await push(
      lead,
      caseId,
      invite(max, { role: 'specialist' }),
      invite(eva, { role: 'specialist', compartments: ['reporter-identity'] }),
    );
    const open = ['observation: text', 'note: text'];
    expect(await shownTo(max, records)).toEqual(['report: what', 'person: name', ...open]);
    expect(await shownTo(eva, records)).toEqual(['report: reporterName what', 'person: name', ...open]);
    expect(
      await push(
        max,
        caseId,
        { kind: 'person', record: records.person, fields: { medical: 'x' } },
        { kind: 'person', record: records.person, fields: { note: 'x' } },
      ),
    ).toEqual(['access.denied', 'applied']);
  });

  it('takes a change of an older program that mixes both with all it says', async () => {
    const [lead, max] = [await world.laptop('Ada'), await world.laptop('Max')];
    const { caseId } = await newCase(lead);
    const mixed = create('report', { what: 'Noch einmal', reporterName: 'Jana Beck' });
    expect(await push(lead, caseId, mixed, invite(max, { role: 'specialist' }))).toEqual([
      'applied',
      'applied',
    ]);
    const reader = await readAll(max, world);
    expect(reader.withheld.has(mixed.record as RecordId)).toBe(true);
    expect(reader.view(mixed.record as RecordId)).toBeUndefined();
  });
});

describe('breaking the glass', () => {
  const breaking = (laptop: Laptop, more: Record<string, Json> = {}): Edit =>
    create('glass', { compartment: 'medical', reason: 'Er ist im Haus', by: laptop.user ?? '', ...more });
  const told = async (laptop: Laptop, glassCursor = 0): Promise<readonly BrokenGlass[]> =>
    (await laptop.pull(epoch, { glassCursor })).body.glass ?? [];

  it('opens the compartment for hours, tells the data protection officer at once, and stays in the case', async () => {
    const [lead, max] = [await world.laptop('Ada'), await world.laptop('Max')];
    const [dpo, other] = [await world.laptop('Dora', 'dpo'), await world.laptop('Nina')];
    const { caseId, ...records } = await newCase(lead);
    await push(lead, caseId, invite(max, { role: 'specialist' }));
    const before = (await told(dpo)).at(-1)?.number ?? 0;
    const waiting = dpo.pull(epoch, { glassCursor: before, waitMs: 20_000, userCursor: 0 });
    const broken = max.write(caseId, breaking(max));
    await max.push(epoch, broken);
    expect((await waiting).body.glass).toMatchObject([
      {
        case: caseId,
        user: max.user,
        compartment: 'medical',
        reason: 'Er ist im Haus',
        untilMs: nowMs + glassOpenMs,
      },
    ]);
    expect(await told(other, 0)).toEqual([]);
    const { cursors } = await readAll(max, world);
    expect((await shownTo(max, records))[1]).toBe('person: medical name');
    nowMs += glassOpenMs;
    const { body } = await max.pull(epoch, { cursors });
    expect(body.cases.map((page) => page.access)).toMatchObject([{ grant: 3, glass: [] }]);
    expect((await shownTo(max, records))[1]).toBe('person: name');
    const record = (await readAll(lead, world)).view(readRecord(broken.segment.changes[0]?.head ?? ''));
    expect(record?.values).toMatchObject({ reason: 'Er ist im Haus', by: max.user });
  });

  it('takes a reason, the author and a team, and cannot be undone by anybody', async () => {
    const [lead, max, stranger] = [
      await world.laptop('Ada'),
      await world.laptop('Max'),
      await world.laptop('Eva'),
    ];
    const { caseId } = await newCase(lead);
    await push(lead, caseId, invite(max, { role: 'reviewer' }));
    const broken = max.write(caseId, breaking(max));
    expect(codesOf((await max.push(epoch, broken)).body)).toEqual(['applied']);
    expect(
      await push(
        max,
        caseId,
        breaking(max, { reason: ' ' }),
        breaking(lead),
        breaking(max, { compartment: 'x' }),
      ),
    ).toEqual(['glass.reason-missing', 'record.field-invalid', 'record.field-invalid']);
    expect(await push(stranger, caseId, breaking(stranger))).toEqual(['access.denied']);
    const record = readRecord(broken.segment.changes[0]?.head ?? '');
    const saw: readonly ChangeId[] = broken.ids;
    const undone: Edit = { kind: 'glass', record, op: 'remove', fields: { [removedField]: true }, saw };
    const edited: Edit = { kind: 'glass', record, fields: { reason: 'Nichts' }, saw };
    expect(await push(lead, caseId, undone, edited)).toEqual([
      'record.field-invalid',
      'record.field-invalid',
    ]);
  });

  it('opens nothing when it arrives a day after it was written', async () => {
    const [lead, max] = [await world.laptop('Ada'), await world.laptop('Max')];
    const { caseId, ...records } = await newCase(lead);
    await push(lead, caseId, invite(max, { role: 'specialist' }));
    const late = { ...breaking(max), atMs: nowMs - 25 * 3_600_000 };
    expect(await push(max, caseId, late)).toEqual(['applied']);
    expect((await shownTo(max, records))[1]).toBe('person: name');
  });
});

function readRecord(head: string): RecordId {
  // A head that this test's own laptop wrote.
  return (JSON.parse(head) as { readonly record: RecordId }).record;
}
