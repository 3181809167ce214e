/** Assessments as the workstation makes them: continued from the last one, answered item by item, signed. */
import { continuedValues } from '../../electron/core/assessment/rating.ts';
import type { ItemAnswer } from '../../shared/domain/kinds/assessment.ts';
import { itemAnswerSchema } from '../../shared/domain/kinds/assessment.ts';
import { type ConcernLevel, reassessAfterDays } from '../../shared/domain/levels.ts';
import { caseRecordId, type RecordId } from '../../shared/ids.ts';
import type { Answers, Evidence, Rating } from '../../shared/instruments/answers.ts';
import { type Instrument, itemsOf } from '../../shared/instruments/schema.ts';
import type { Json } from '../../shared/json.ts';
import { dayMs, dayOf, hourMs, iso, minuteMs } from './calendar.ts';
import { type Deed, type Noted, ofCase, type Scene, userOf } from './scene.ts';
import { type DemoAssessment, list, rows } from './script.ts';

interface Finished {
  readonly record: RecordId;
  readonly rating: Rating;
}

export function assessmentDeeds(scene: Scene, instrument: Instrument): readonly Deed[] {
  const { script, calendar, openedMs } = scene;
  let previous: Finished | undefined;
  return (script.assessments ?? []).map((assessment) => ({
    atMs: Math.max(calendar.ago(assessment.ago), openedMs + 5 * hourMs, lastEvidenceMs(scene, assessment)),
    act: (atMs) => {
      const finished = assess(scene, { instrument, assessment, previous, atMs });
      if (assessment.level !== null) previous = finished;
    },
  }));
}

/** Nobody can link what is not recorded yet. */
function lastEvidenceMs({ recordedMs }: Scene, { items }: DemoAssessment): number {
  const numbers = rows(items, 5).flatMap(([, , , linked]) => list(linked));
  return Math.max(0, ...numbers.map((number) => (recordedMs.get(Number(number)) ?? 0) + 10 * minuteMs));
}

interface Work {
  readonly instrument: Instrument;
  readonly assessment: DemoAssessment;
  readonly previous: Finished | undefined;
  readonly atMs: number;
}

function assess(scene: Scene, work: Work): Finished {
  const { script, file } = scene;
  const { instrument, assessment, previous, atMs } = work;
  const record = file.newRecord();
  scene.assessments.push(record);
  const existing = new Set([...scene.observations.values()].map((noted) => noted.record));
  const continued = previous === undefined ? {} : continuedValues(instrument, previous.rating, existing);
  const begun = {
    instrument: instrument.id,
    instrumentVersion: instrument.version,
    startedAt: iso(atMs),
    startedBy: userOf(script.lead),
    previous: previous?.record,
    ...continued,
  };
  file.write({ by: script.lead, atMs }, { record, kind: 'assessment', values: begun });

  const rating = ratingOf(scene, work);
  const coded = Object.keys(rating.answers);
  for (const [i, item] of coded.entries()) {
    const values = itemValues(item, rating, previous?.rating.evidence);
    file.write(
      { by: script.lead, atMs: atMs + (i + 1) * 2 * minuteMs },
      { record, kind: 'assessment', values },
    );
  }
  const doneMs = atMs + (coded.length + 5) * 2 * minuteMs;
  if (assessment.level !== null) sign(scene, { record, assessment, level: assessment.level, atMs: doneMs });
  return { record, rating };
}

function itemValues(
  item: string,
  { answers, evidence }: Rating,
  before: Evidence = {},
): Readonly<Record<string, Json>> {
  const now = evidence[item] ?? [];
  const old = before[item] ?? [];
  const add = now.filter((id) => !old.includes(id));
  const remove = old.filter((id) => !now.includes(id));
  const answer = answers[item];
  return {
    ...(answer === undefined ? {} : { [`item.${item}`]: { ...answer } }),
    ...(add.length + remove.length === 0 ? {} : { [`evidence.${item}`]: { add, remove } }),
  };
}

/** A finished assessment answers every item; one that is being worked on only those in the table. */
function ratingOf(scene: Scene, { instrument, assessment }: Work): Rating {
  const answers: Record<string, Answers[string]> = {};
  const evidence: Record<string, readonly string[]> = {};
  const table = new Map(rows(assessment.items, 5).map(([item = '', ...rest]) => [item, rest]));
  for (const { id } of itemsOf(instrument)) {
    const [coding, change, numbers, note] = table.get(id) ?? [];
    if (coding === undefined && assessment.level === null) continue;
    const found = list(numbers).map((number) => noted(scene, number));
    evidence[id] = found.map(({ record }) => record);
    answers[id] = itemAnswerSchema.parse({
      coding: coding ?? 'no-indication',
      change: change === undefined || change === '' ? null : change,
      confidence: confidenceOf(coding, found),
      lastObserved: lastOf(found),
      note: note ?? '',
    });
  }
  const unknown = [...table.keys()].filter((item) => answers[item] === undefined);
  if (unknown.length > 0) throw new Error(`${scene.script.title}: no item ${unknown.join(', ')}`);
  return { answers, evidence };
}

function noted({ script, observations }: Scene, number: string): Noted {
  const found = observations.get(Number(number));
  if (found === undefined) throw new Error(`${script.title}: observation ${number} is not recorded yet`);
  return found;
}

function confidenceOf(coding: string | undefined, found: readonly Noted[]): ItemAnswer['confidence'] {
  if (coding === 'unknown') return null;
  if (coding === undefined) return 'medium';
  const isFirm = found.length > 0 && found.every(({ reliability }) => reliability === 'high');
  return isFirm && coding === 'present' ? 'high' : isFirm ? 'medium' : 'low';
}

function lastOf(found: readonly Noted[]): string | null {
  const times = found.flatMap(({ occurredMs }) => occurredMs ?? []);
  return times.length === 0 ? null : dayOf(Math.max(...times));
}

interface Signing {
  readonly record: RecordId;
  readonly assessment: DemoAssessment;
  readonly level: ConcernLevel;
  readonly atMs: number;
}

function sign(scene: Scene, { record, assessment, level, atMs }: Signing): void {
  const { script, file } = scene;
  const { rationale } = assessment;
  const own = caseRecordId(file.id);
  const turn = { by: script.lead, atMs };
  const caseValues = {
    level,
    levelRationale: rationale,
    levelSince: file.valueOf(own, 'level') === level ? undefined : iso(atMs),
    imminent: false,
    reassessBy: dayOf(atMs + reassessAfterDays[level] * dayMs),
    status: file.valueOf(own, 'status') === 'assessed' ? undefined : 'assessed',
  };
  const signature = { by: userOf(script.lead), at: iso(atMs) };
  file.write(
    turn,
    { record, kind: 'assessment', values: { level, rationale, signature } },
    ofCase(scene, caseValues),
  );
}
