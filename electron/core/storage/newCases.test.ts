/** What is prepared of new cases and stored at once is what applying their pages one by one leaves in the vault. */
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../../platform/crypto.ts';
import { type CaseId, newId, type RecordId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import { readHead, withhold } from '../../../shared/sync/change.ts';
import type { CaseAccess } from '../../../shared/sync/wire.ts';
import { temporaryFolder } from '../vault/testing.ts';
import type { VerifiedPage } from './logPort.ts';
import { prepareNewCases } from './newCases.ts';
import { type Laptop, openLaptop, push, sync, type TestService, testClock, testService } from './testing.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
let service: TestService;
beforeEach(() => {
  service = testService();
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function sit(name: string): Promise<Laptop> {
  const folder = temporaryFolder();
  const laptop = await openLaptop({ folder: folder.path, name, ids: testClock() });
  cleanUps.push(
    () => folder[Symbol.dispose](),
    () => laptop.vault.close(),
  );
  return laptop;
}

async function takeReport({ handlers }: Laptop, who: string): Promise<CaseId> {
  const taken = await handlers['reports.take']({
    channel: 'phone',
    receivedAt: '2026-11-23T08:00:00.000Z',
    anonymous: true,
    reporterName: null,
    reporterContact: null,
    who,
    whoIsAtRisk: 'Renée',
    what: 'Er kündigte „Maßnahmen“ an.',
    where: null,
    when: null,
    behaviours: ['fixation'],
    emergency: true,
  });
  return taken.caseId;
}

async function write(
  { handlers, workspace }: Laptop,
  caseId: CaseId,
  { kind, ...values }: Readonly<Record<string, Json>> & { readonly kind: string },
): Promise<RecordId> {
  const record = newId<RecordId>(workspace.author.ids);
  const fields = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, saw: [] }]),
  );
  await handlers['cases.edit']({ caseId, edits: [{ record, kind, op: 'create', fields }] });
  return record;
}

/** A case in which most things have happened that can happen to a record. */
async function eventful(anna: Laptop, ben: Laptop): Promise<CaseId> {
  const caseId = await takeReport(anna, 'Jörg Weißenfels');
  const outcome = { outcome: 'open' as const, reason: 'Ernst.', title: 'Drohung im Lager' };
  await anna.handlers['reports.triage']({ caseId, ...outcome });
  const person = await write(anna, caseId, { kind: 'person', name: 'Erika', note: 'wohnt allein' });
  const gone = await write(anna, caseId, { kind: 'observation', text: 'Stand am Tor.' });
  await write(anna, caseId, {
    kind: 'measure',
    code: 'custom',
    title: 'Licht',
    status: 'planned',
    due: '2026-12-01',
  });
  await sync(anna, service);
  await sync(ben, service);
  await anna.handlers['cases.edit']({
    caseId,
    edits: [{ record: gone, kind: 'observation', op: 'remove', fields: {} }],
  });
  for (const [laptop, name] of [
    [anna, 'Erika M.'],
    [ben, 'Erika N.'],
  ] as const) {
    const { records } = await laptop.handlers['cases.get']({ caseId });
    const saw = records.find(({ id }) => id === person)?.saw.name ?? [];
    const fields = { name: { value: name, saw: [...saw] } };
    await laptop.handlers['cases.edit']({
      caseId,
      edits: [{ record: person, kind: 'person', op: 'update', fields }],
    });
  }
  service.refuse = ({ kind }) => (kind === 'note' ? 'access.denied' : undefined);
  await write(anna, caseId, { kind: 'note', text: 'Wird nicht genommen.' });
  await sync(anna, service);
  await sync(ben, service);
  service.refuse = () => undefined;
  return caseId;
}

const pagesOf = (limit?: number): readonly VerifiedPage[] =>
  service.caseIds().flatMap((caseId) => service.page(caseId, 0, limit) ?? []);

/** As it is handed out to somebody who was invited to the measures, until a date. */
function invited(verified: VerifiedPage): VerifiedPage {
  const access: CaseAccess = {
    ...{ grant: 2, standing: 'member', sections: { measures: 'read' }, compartments: [], glass: [] },
    untilMs: Date.UTC(2026, 11, 24),
  };
  const runs = verified.page.runs.map((run) => ({
    ...run,
    changes: run.changes.map((change) =>
      readHead(change.head).kind === 'measure' ? change : withhold(change, nodeCrypto),
    ),
  }));
  const changes = verified.changes.map((run) =>
    run.map((change) => (change.head.kind === 'measure' ? change : { ...change, fields: {} })),
  );
  return { ...verified, page: { ...verified.page, runs, access }, changes };
}

const tables = [
  'cases',
  'log',
  'segments',
  'records',
  'tasks',
  'search_due',
  'outbox',
  'search_docs',
] as const;

/** Every row, in an order that does not depend on when it was written. */
async function contents({ vault }: Laptop) {
  const all: Partial<Record<(typeof tables)[number], readonly string[]>> = {};
  for (const table of tables) {
    const { rows } = await sql<object>`SELECT * FROM ${sql.table(table)}`.execute(vault.db);
    all[table] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return {
    ...all,
    clock: await vault.db.selectFrom('meta').select('value').where('name', '=', 'clock').execute(),
  };
}

describe('cases that are new here', () => {
  it('are stored as if their pages had been applied', async () => {
    const [anna, ben] = [await sit('Anna'), await sit('Ben')];
    await eventful(anna, ben);
    for (const who of ['Zweiter', 'Dritter']) await takeReport(anna, who);
    await push(anna, service);
    const [applying, loading] = [await sit('Cem'), await sit('Dora')];
    await applying.log.applyCasePages(pagesOf(), { isBulk: true });
    expect(await loading.log.loadNewCases(prepareNewCases(pagesOf().toReversed()))).toBe(true);
    const expected = await contents(applying);
    expect(await contents(loading)).toEqual(expected);
    expect(expected.cases).toHaveLength(3);
    expect(expected.tasks).toHaveLength(1);
  });

  it('hold what an invitation names of them and until when, and the hash of everything else', async () => {
    const [anna, ben] = [await sit('Anna'), await sit('Ben')];
    const caseId = await eventful(anna, ben);
    const [applying, loading] = [await sit('Cem'), await sit('Dora')];
    const pages = pagesOf().map(invited);
    await applying.log.applyCasePages(pages, { isBulk: true });
    expect(await loading.log.loadNewCases(prepareNewCases(pages))).toBe(true);
    const stored = await contents(loading);
    expect(stored).toEqual(await contents(applying));
    expect(JSON.stringify(stored)).not.toMatch(/Weißenfels|Erika/);
    const { records } = await loading.handlers['cases.get']({ caseId });
    expect(records.map(({ kind }) => kind)).toEqual(['measure']);
    expect(stored.cases?.[0]).toContain(`"access_ends_ms":${Date.UTC(2026, 11, 24)}`);
  });

  it('go on where the first page ended', async () => {
    const [anna, ben] = [await sit('Anna'), await sit('Ben')];
    const caseId = await eventful(anna, ben);
    const loading = await sit('Dora');
    await loading.log.loadNewCases(prepareNewCases(pagesOf(4)));
    const rest = service.page(caseId, 4);
    if (rest === undefined) throw new Error('there is more');
    await loading.log.applyCasePages([rest], { isBulk: true });
    const { line } = await loading.handlers['cases.get']({ caseId });
    expect(line).toMatchObject({ title: 'Drohung im Lager', conflicts: 1 });
  });

  it('are not stored a second time, nor is anything else with them', async () => {
    const anna = await sit('Anna');
    await takeReport(anna, 'Erster');
    await push(anna, service);
    const ben = await sit('Ben');
    await ben.log.loadNewCases(prepareNewCases(pagesOf()));
    await takeReport(anna, 'Zweiter');
    await push(anna, service);
    expect(await ben.log.loadNewCases(prepareNewCases(pagesOf()))).toBe(false);
    expect(await ben.log.caseIds('all')).toHaveLength(1);
  });

  it('keep the place in the own chain of a case that was taken away and came back', async () => {
    const [anna, ben] = [await sit('Anna'), await sit('Ben')];
    const caseId = await takeReport(anna, 'Erster');
    await sync(anna, service);
    await sync(ben, service);
    await write(ben, caseId, { kind: 'observation', text: 'Von Ben.' });
    await push(ben, service);
    await ben.log.dropCase(caseId);
    const first = service.page(caseId, 0, 2);
    if (first === undefined) throw new Error('there is a page');
    expect(await ben.log.loadNewCases(prepareNewCases([first]))).toBe(true);
    const row = await ben.vault.db
      .selectFrom('cases')
      .select('own_n')
      .where('id', '=', caseId)
      .executeTakeFirst();
    expect(row?.own_n).toBe(1);
  });
});
