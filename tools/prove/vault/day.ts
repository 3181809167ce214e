/**
 * A day's work at a laptop with a text of its own in every field that takes one. What is planted is what must
 * never be found outside the vault.
 */

import { systemIds } from '../../../platform/crypto.ts';
import type { InputOf } from '../../../shared/contract/procedures.ts';
import { type CaseId, newId, type RecordId } from '../../../shared/ids.ts';
import { itemsOf } from '../../../shared/instruments/schema.ts';
import type { Json } from '../../../shared/json.ts';
import type { ContractClient } from './contractClient.ts';
import { addFile, readFile } from './evidence.ts';

export interface Planted {
  /** A new text nobody else has, and remembers it. */
  plant(field: string): string;
  readonly texts: readonly string[];
}

export function canaries(prefix: string): Planted {
  const texts: string[] = [];
  return {
    texts,
    plant(field) {
      // One word, so that the index of the search holds it whole.
      const text = `${prefix}${field.replaceAll(/\W/g, '')}${texts.length}q`;
      texts.push(text);
      return text;
    },
  };
}

const reportBase: Pick<
  InputOf<'reports.take'>,
  'channel' | 'receivedAt' | 'anonymous' | 'behaviours' | 'emergency'
> = {
  channel: 'phone',
  receivedAt: '2026-11-23T08:00:00.000Z',
  anonymous: false,
  behaviours: [],
  emergency: false,
};

function takeReport(client: ContractClient, { plant }: Planted): Promise<{ caseId: CaseId }> {
  return client.call('reports.take', {
    ...reportBase,
    reporterName: plant('reporterName'),
    reporterContact: plant('reporterContact'),
    who: plant('who'),
    whoIsAtRisk: plant('whoIsAtRisk'),
    what: plant('what'),
    where: plant('where'),
    when: plant('when'),
  });
}

async function createRecord(
  client: ContractClient,
  caseId: CaseId,
  { kind, values }: { readonly kind: string; readonly values: Readonly<Record<string, Json>> },
): Promise<RecordId> {
  const record = newId<RecordId>(systemIds);
  const fields = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, saw: [] }]),
  );
  await client.call('cases.edit', { caseId, edits: [{ record, kind, op: 'create', fields }] });
  return record;
}

/** One case with a record of every kind. */
async function workOnCase(client: ContractClient, planted: Planted): Promise<CaseId> {
  const { plant } = planted;
  const { caseId } = await takeReport(client, planted);
  await client.call('reports.triage', {
    caseId,
    outcome: 'open',
    reason: plant('triageReason'),
    title: plant('title'),
    site: plant('site'),
    purpose: plant('purpose'),
    legalBasis: plant('legalBasis'),
  });
  const create = (kind: string, values: Readonly<Record<string, Json>>) =>
    createRecord(client, caseId, { kind, values });
  await create('person', {
    name: plant('personName'),
    role: 'of-concern',
    position: plant('position'),
    department: plant('department'),
    contact: plant('contact'),
    access: plant('access'),
    note: plant('personNote'),
  });
  await create('observation', {
    nature: 'fact',
    text: plant('observation'),
    occurredNote: plant('occurredNote'),
    recordedAt: '2026-11-23T08:00:00.000Z',
    source: plant('source'),
    reliability: 'high',
  });
  await create('note', { text: plant('note'), writtenAt: '2026-11-23T08:00:00.000Z' });
  await create('measure', {
    code: 'custom',
    title: plant('measureTitle'),
    driver: plant('driver'),
    status: 'planned',
    note: plant('measureNote'),
  });
  await attach(client, caseId, planted);
  await rate(client, caseId, planted);
  return caseId;
}

/** Long enough for two pieces of the file, and for several of the way in. */
const fileWords = 40_000;

/** A letter and a picture: what a screen shows, and what only its bytes are of. */
async function attach({ call }: ContractClient, caseId: CaseId, { plant }: Planted): Promise<void> {
  const about = () => ({ caseId, description: plant('fileDescription'), source: plant('fileSource') });
  const letter = Buffer.from(`${plant('letter')} `.repeat(fileWords));
  await addFile(call, { ...about(), name: `${plant('fileName')}.txt`, content: letter });
  const page = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from(`${plant('page')} `.repeat(2_000))]);
  await addFile(call, { ...about(), name: `${plant('pageName')}.pdf`, content: page });
}

async function rate(client: ContractClient, caseId: CaseId, { plant }: Planted): Promise<void> {
  const { instruments } = await client.call('catalogue.get', {});
  const instrument = instruments.find(({ decidesLevel }) => decidesLevel) ?? instruments[0];
  if (instrument === undefined) throw new Error('no instrument is shipped');
  const { assessmentId } = await client.call('assessments.start', { caseId, instrument: instrument.id });
  const fields = Object.fromEntries(
    itemsOf(instrument).map(({ id }) => {
      const answer = { coding: 'no-indication', change: null, confidence: 'high', lastObserved: null };
      return [`item.${id}`, { value: { ...answer, note: plant(`item${id}`) }, saw: [] }];
    }),
  );
  const edit = { record: assessmentId, kind: 'assessment', op: 'update', fields } as const;
  await client.call('cases.edit', { caseId, edits: [edit] });
  await client.call('assessments.sign', {
    caseId,
    assessmentId,
    level: 'low',
    rationale: plant('rationale'),
    imminent: false,
  });
}

/** Cases, drafts, searches, reading, exchanging. */
export async function morning(client: ContractClient, planted: Planted, cases: number): Promise<void> {
  for (let n = 0; n < cases; n++) await workOnCase(client, planted);
  await client.call('drafts.put', { name: 'report', value: { what: planted.plant('draft') } });
  await client.call('sync.now', {});
}

/** A case with every file of it that a screen can show. */
async function readCase({ call }: ContractClient, caseId: CaseId): Promise<void> {
  const { records } = await call('cases.get', { caseId });
  for (const { id, kind, values } of records) {
    if (kind === 'evidence' && values.mediaType === 'text/plain') {
      await readFile(call, { caseId, recordId: id });
    }
  }
}

/** Looking for things: every list, sorted every way, histories, searches for planted words. */
export async function reading(client: ContractClient, { texts }: Planted): Promise<void> {
  const sorts = ['number', 'title', 'level', 'status', 'due', 'updated', 'received'] as const;
  for (const sort of sorts) {
    for (const list of ['reports', 'cases'] as const) {
      const { lines } = await client.call('cases.list', { list, sort, limit: 500 });
      for (const { id } of lines.slice(0, 5)) {
        await readCase(client, id);
        await client.call('cases.history', { caseId: id });
      }
    }
  }
  for (const text of texts.slice(0, 20)) await client.call('search.query', { text });
  await client.call('day.get', {});
}
