/** The steps of the workflow that follow from the work, and what two people wrote apart. */
import type { Json } from '../../shared/json.ts';
import { hourMs, iso, minuteMs } from './calendar.ts';
import type { Edit } from './caseFile.ts';
import type { PersonKey } from './people.ts';
import { type Deed, inLanguageOf, moveTo, type Scene, secondOf } from './scene.ts';

/** Conferences before and steps after each assessment, given when each of them is made. */
export function stepDeeds(scene: Scene, assessed: readonly Deed[]): readonly Deed[] {
  const { script, calendar } = scene;
  const signed = assessed.filter((_, i) => (script.assessments ?? [])[i]?.level !== null);
  const [first] = signed;
  if (first === undefined) return [];
  const last = signed.at(-1) ?? first;
  const steps: Deed[] = [{ atMs: first.atMs - 30 * minuteMs, act: moveTo(scene, 'conference') }];
  const goesOn = ['managing', 'closing', 'closed'].includes(script.status);
  if (goesOn) {
    for (const { atMs } of signed)
      steps.push({ atMs: calendar.after(atMs, 90, 240), act: moveTo(scene, 'managing') });
  }
  if (script.status === 'conference') {
    steps.push({ atMs: calendar.after(last.atMs, 60, 1_400), act: moveTo(scene, 'conference') });
  }
  return steps;
}

/** Closing comes after everything else. */
export function closingDeeds(scene: Scene, all: readonly Deed[]): readonly Deed[] {
  const { script, calendar } = scene;
  if (script.status !== 'closing' && script.status !== 'closed') return [];
  const last = Math.max(...all.map(({ atMs }) => atMs));
  const closingMs = calendar.after(last, 1_500, 4_000);
  const closing = { atMs: closingMs, act: moveTo(scene, 'closing') };
  if (script.status === 'closing') return [closing];
  return [closing, { atMs: calendar.after(closingMs, 1_500, 3_000), act: moveTo(scene, 'closed') }];
}

const itemNotes = {
  mine: {
    de: 'Spricht täglich über die frühere Leitung, vernachlässigt Arbeit und Kontakte.',
    en: 'Speaks of the former manager every day, neglects work and contacts.',
  },
  theirs: {
    de: 'Spricht häufig über die frühere Leitung; laut Betriebsarzt zuletzt ruhiger.',
    en: 'Often speaks of the former manager; calmer lately, says the company doctor.',
  },
};

const observationTexts = {
  mine: {
    de: '58 Nachrichten in sechs Wochen, in der letzten Woche 21. Vierzehn Empfänger, darunter zwei außerhalb des Unternehmens.',
    en: '58 messages in six weeks, 21 of them in the last. Fourteen recipients, two of them outside the company.',
  },
  theirs: {
    de: '61 Nachrichten in sechs Wochen, in der letzten Woche 24. Empfängerkreis von einer auf vierzehn Personen gewachsen.',
    en: '61 messages in six weeks, 24 of them in the last. Recipients have grown from one to fourteen.',
  },
};

/** Both had no network and had seen the same; what they wrote stands side by side until somebody resolves it. */
export function apartDeeds(scene: Scene): readonly Deed[] {
  const edits = scene.script.contested === undefined ? undefined : versions(scene);
  if (edits === undefined) return [];
  const { file, script, calendar } = scene;
  const act = (atMs: number) => {
    const view = file.snapshot();
    const [mine, theirs] = edits();
    file.write({ by: script.lead, atMs, view }, mine.edit);
    file.write({ by: theirs.by ?? secondOf(script), atMs: atMs + 15 * minuteMs, view }, theirs.edit);
  };
  return [{ atMs: calendar.nowMs - 2 * hourMs, act }];
}

interface Version {
  readonly by?: PersonKey;
  readonly edit: Edit;
}

function versions(scene: Scene): () => readonly [Version, Version] {
  const { script, file, calendar } = scene;
  switch (script.contested) {
    case 'item':
      return () => {
        const record = required(scene.assessments.at(-1));
        const before = file.valueOf(record, 'item.fixation');
        const answer = typeof before === 'object' && before !== null && !Array.isArray(before) ? before : {};
        const edit = (values: Readonly<Record<string, Json>>): Edit => ({
          record,
          kind: 'assessment',
          values: { 'item.fixation': { ...answer, ...values } },
        });
        const mine = { coding: 'present', change: 'rising', note: inLanguageOf(scene, itemNotes.mine) };
        const theirs = { coding: 'possible', change: 'falling', note: inLanguageOf(scene, itemNotes.theirs) };
        return [{ edit: edit(mine) }, { edit: edit(theirs) }];
      };
    case 'measure':
      return () => {
        const open = scene.measures.find((one) => file.valueOf(one, 'status') === 'in-progress');
        const record = required(open);
        const done = { status: 'done', doneAt: iso(calendar.nowMs - 2 * hourMs) };
        return [
          { edit: { record, kind: 'measure', values: { status: 'cancelled' } } },
          { by: 'hr', edit: { record, kind: 'measure', values: done } },
        ];
      };
    default:
      return () => {
        const record = required(scene.observations.get(2)?.record);
        const edit = (text: string): Edit => ({ record, kind: 'observation', values: { text } });
        return [
          { edit: edit(inLanguageOf(scene, observationTexts.mine)) },
          { edit: edit(inLanguageOf(scene, observationTexts.theirs)) },
        ];
      };
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the script has nothing that could be contested');
  return value;
}
