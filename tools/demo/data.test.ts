import { describe, expect, it } from 'vitest';
import { ratingOf } from '../../electron/core/assessment/rating.ts';
import { sniff } from '../../electron/core/evidence/sniff.ts';
import { openChunk } from '../../electron/core/vault/attachments/format.ts';
import { nodeCrypto } from '../../platform/crypto.ts';
import { instrumentDocuments } from '../../resources/instruments/index.ts';
import { measuresDocument } from '../../resources/measures/index.ts';
import { fieldSpec } from '../../shared/domain/fields.ts';
import { kindSpec, kinds } from '../../shared/domain/kinds.ts';
import { checkFieldEdit } from '../../shared/domain/validate.ts';
import { caseStatuses, caseStatusSchema, mayMove } from '../../shared/domain/workflow.ts';
import { caseRecordId, type RecordId } from '../../shared/ids.ts';
import { loadInstruments } from '../../shared/instruments/catalogue.ts';
import { gaps } from '../../shared/instruments/gaps.ts';
import { loadMeasures } from '../../shared/measures/catalogue.ts';
import { itemOfDriver } from '../../shared/measures/drivers.ts';
import { blobIdOf } from '../../shared/sync/blobs.ts';
import { readChange, removedField, sawOf } from '../../shared/sync/change.ts';
import { verifySegment } from '../../shared/sync/segment.ts';
import { type RecordView, viewRecord } from '../../shared/sync/view.ts';
import { demoSegments, type PlayedCase, playDemo } from './data.ts';
import { demoPeople, demoSigner } from './people.ts';

const nowMs = Date.parse('2026-11-23T09:30:00Z');
const cases = playDemo({ nowMs });
const changes = cases.flatMap(({ file }) => file.written.map(({ change }) => change));

interface Viewed {
  readonly id: RecordId;
  readonly kind: string;
  readonly view: RecordView;
}

function viewed({ file }: PlayedCase): readonly Viewed[] {
  return [...file.snapshot()].map(([id, state]) => ({ id, kind: state.kind, view: viewRecord(state) }));
}
const records = cases.flatMap(viewed);
const ofKind = (kind: string) => records.filter((record) => record.kind === kind);

function catalogues() {
  const instruments = loadInstruments(instrumentDocuments);
  const measures = loadMeasures(measuresDocument);
  if (!instruments.ok || !measures.ok) throw new Error('the shipped catalogues are not valid');
  return { instruments: instruments.catalogue, measures: measures.catalogue };
}

/**
 * What nobody does in these cases: a file's own time and why it left a case; sections and sealed compartments, and a
 * glass that was broken for them.
 */
const ofOtherCases: ReadonlySet<string> = new Set([
  'evidence.occurredAt',
  'custody.reason',
  'person.medical',
  'member.sections',
  'member.compartments',
  ...Object.keys(kinds.glass.fields).map((field) => `glass.${field}`),
]);

describe('the demo data', () => {
  it('is the same to the byte for the same seed and moment, and another for another', () => {
    const bytes = (options: { nowMs: number; seed?: string }) => JSON.stringify(demoSegments(options));
    const once = bytes({ nowMs });
    expect(bytes({ nowMs, seed: 'tma' }) === once).toBe(true);
    expect(bytes({ nowMs, seed: 'other' }) === once).toBe(false);
    expect(bytes({ nowMs: nowMs + 60_000 }) === once).toBe(false);
  });

  it('has forty cases in every status, in both languages', () => {
    expect(cases).toHaveLength(40);
    const reached = viewedStatuses();
    expect(new Set(reached)).toEqual(new Set(caseStatuses));
    expect(reached).toEqual(cases.map(({ script }) => script.status));
    for (const language of ['de', 'en']) {
      expect(cases.filter(({ script }) => script.language === language).length).toBeGreaterThan(15);
    }
  });

  it('consists of edits that the domain accepts, and uses every field of every kind that is made of words', () => {
    const used = new Set<string>();
    for (const { head, fields } of changes) {
      const kind = kindSpec(head.kind);
      if (kind === undefined) expect.fail(head.kind);
      for (const [field, { value }] of Object.entries(fields)) {
        used.add(`${head.kind}.${field.split('.')[0]}`);
        if (field === removedField) continue;
        expect(fieldSpec(kind, field)).toBeDefined();
        expect(() => checkFieldEdit(kind, field, value)).not.toThrow();
      }
    }
    for (const [kind, spec] of Object.entries(kinds)) {
      for (const field of [...Object.keys(spec.fields), ...Object.keys(spec.families)]) {
        if (ofOtherCases.has(`${kind}.${field}`)) continue;
        expect(used, `${kind}.${field}`).toContain(`${kind}.${field}`);
      }
    }
    expect(used).toContain(`observation.${removedField}`);
  });

  it('tells a history in which every edit follows what its author had seen', () => {
    for (const { file } of cases) {
      const known = new Set<string>();
      let lastMs = 0;
      for (const { change } of file.written) {
        for (const seen of sawOf(change.fields)) expect(known).toContain(seen);
        known.add(change.head.id);
        expect(change.head.at[0]).toBeGreaterThanOrEqual(lastMs);
        lastMs = change.head.at[0];
      }
    }
  });

  it('moves cases only along the workflow', () => {
    for (const { file, script } of cases) {
      const statuses = file.written.flatMap(({ change }) => {
        const value = change.head.kind === 'case' ? change.fields.status?.value : undefined;
        return value === undefined ? [] : caseStatusSchema.parse(value);
      });
      for (const [i, to] of statuses.entries()) {
        const from = statuses[i - 1];
        if (from !== undefined) expect(mayMove(from, to), `${script.title}: ${from} → ${to}`).toBe(true);
      }
    }
  });

  it('is signed by the laptops of its people', () => {
    for (const { by, segment } of demoSegments({ nowMs })) {
      expect(segment.device).toBe(demoPeople[by].device.id);
      verifySegment(segment, demoSigner(by).publicKey, nodeCrypto);
      for (const change of segment.changes) readChange(change);
    }
  });

  it('shows change over time: signed assessments that could be signed, some of them renewed several times', () => {
    const { instruments } = catalogues();
    const instrument = instruments.latest('warning-behaviours');
    if (instrument === undefined) expect.fail('no instrument');
    const signed = ofKind('assessment').filter(({ view }) => view.values.signature !== undefined);
    expect(signed.length).toBeGreaterThan(30);
    for (const { view } of signed) {
      const open = gaps(instrument, ratingOf(view.values));
      expect(
        open.filter(({ reason, blocksSignature }) => blocksSignature || reason === 'unanswered'),
      ).toEqual([]);
      expect(view.values.rationale).toMatch(/\S/);
    }
    const renewed = ofKind('assessment').filter(({ view }) => view.values.previous !== undefined);
    expect(renewed.length).toBeGreaterThan(10);
    expect(ofKind('assessment').length - signed.length).toBeGreaterThan(0);
  });

  it('has observations of every nature, and none from the future', () => {
    const natures = ofKind('observation').map(({ view }) => view.values.nature);
    for (const nature of ['fact', 'hearsay', 'inference', 'missing']) {
      expect(natures.filter((one) => one === nature).length, nature).toBeGreaterThan(5);
    }
    for (const { view } of ofKind('observation')) {
      const { occurredAt, recordedAt } = view.values;
      expect(Date.parse(String(recordedAt))).toBeLessThanOrEqual(nowMs);
      if (occurredAt !== undefined) expect(String(occurredAt) <= String(recordedAt)).toBe(true);
    }
  });

  it('has files that a laptop opens, and that are what their names say', async () => {
    const files = cases.flatMap((played) => played.files);
    expect(files.length).toBe(ofKind('evidence').length);
    for (const { content, bytes } of files) {
      expect(blobIdOf(content, nodeCrypto)).toBe(content.blob);
      const key = Buffer.from(content.key, 'base64url');
      const plain = openChunk(key, { name: content.file, index: 0, final: true }, bytes);
      const values = ofKind('evidence').find(({ view }) => view.values.sizeBytes === plain.length)?.view
        .values;
      expect(await sniff(String(values?.name), plain)).toBe(values?.mediaType);
    }
  });

  it('has measures of the catalogue against things that exist, some overdue, some due today, some ahead', () => {
    const { instruments, measures } = catalogues();
    const open: string[] = [];
    for (const { view } of ofKind('measure')) {
      const { code, driver, status, due, title } = view.values;
      if (code !== 'custom') expect(measures.find(String(code)), String(code)).toBeDefined();
      else expect(title).toMatch(/\S/);
      expect(itemOfDriver(instruments, String(driver)), String(driver)).toBeDefined();
      if (status === 'planned' || status === 'in-progress') open.push(String(due));
    }
    const today = '2026-11-23';
    expect(open.filter((due) => due < today).length).toBeGreaterThan(2);
    expect(open.filter((due) => due === today).length).toBeGreaterThan(1);
    expect(open.filter((due) => due > today).length).toBeGreaterThan(10);
  });

  it('leaves three fields contested, of different kinds, for a person to resolve', () => {
    const contested = records.flatMap(({ kind, view }) => view.contested.map((field) => `${kind}.${field}`));
    expect(contested.sort()).toEqual(['assessment.item.fixation', 'measure.status', 'observation.text']);
    const measure = ofKind('measure').find(({ view }) => view.contested.includes('status'));
    // The safer value is shown: a measure that may not have been carried out is not done.
    expect(measure?.view.values.status).toBe('cancelled');
  });

  it.each([
    '2026-11-21T23:59:00Z',
    '2026-11-22T03:00:00Z',
    '2027-01-01T00:00:30Z',
    '2027-03-01T06:15:00Z',
    '2028-02-29T17:45:00Z',
  ])('can be made at any moment: %s', (moment) => {
    const at = Date.parse(moment);
    const played = playDemo({ nowMs: at });
    expect(statusesOf(played)).toEqual(played.map(({ script }) => script.status));
    for (const { file } of played) {
      for (const { change } of file.written) expect(change.head.at[0]).toBeLessThanOrEqual(at);
    }
  });
});

function viewedStatuses() {
  return statusesOf(cases);
}

function statusesOf(played: readonly PlayedCase[]) {
  return played.map(({ file }) => file.valueOf(caseRecordId(file.id), 'status'));
}
