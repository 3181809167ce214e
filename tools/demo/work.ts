/** The daily work on a case: people, observations, measures, notes. */
import type { Json } from '../../shared/json.ts';
import { dayMs, dayOf, hourMs, iso, minuteMs } from './calendar.ts';
import type { PersonKey } from './people.ts';
import {
  adding,
  type Deed,
  inLanguageOf,
  personKey,
  type Scene,
  secondOf,
  userOf,
  wasOpened,
  workerOf,
} from './scene.ts';
import { list, rows } from './script.ts';

export function peopleDeeds(scene: Scene): readonly Deed[] {
  const { script, file, people, openedMs } = scene;
  const by = workerOf(script);
  const deeds: Deed[] = rows(script.people, 7).map(
    ([key = '', role, name, position, department, access, note], i) => ({
      atMs: openedMs + (i + 1) * 3 * minuteMs,
      act: (atMs) => {
        const record = file.newRecord();
        people.set(key, record);
        const values = { role, name, position, department, access, note };
        file.write({ by, atMs }, { record, kind: 'person', values });
      },
    }),
  );
  return [...deeds, ...reporterDeed(scene)];
}

/** A named reporter is one of the people in the case. */
function reporterDeed({ script, file, openedMs }: Scene): readonly Deed[] {
  const { reporter, contact } = script.report;
  const [name, position] = (reporter ?? '').split(', ');
  const known = rows(script.people, 7).some((cells) => cells.includes(name ?? ''));
  if (!wasOpened(script) || reporter === null || known) return [];
  const act = (atMs: number) =>
    file.write(
      { by: script.lead, atMs },
      { record: file.newRecord(), kind: 'person', values: { role: 'reporter', name, position, contact } },
    );
  return [{ atMs: openedMs + 20 * minuteMs, act }];
}

export function observationDeeds(scene: Scene): readonly Deed[] {
  return rows(scene.script.observations, 7).flatMap((cells, index) => observe(scene, cells, index + 1));
}

function observe(scene: Scene, cells: readonly string[], number: number): readonly Deed[] {
  const { script, file, calendar, people, observations, openedMs } = scene;
  const [nature = '', ago = '', reliability = '', behaviours, about, source, text] = cells;
  const isKnown = nature !== 'missing';
  const happenedMs = calendar.ago(Number(ago));
  const recordedMs = calendar.after(Math.max(happenedMs + hourMs, openedMs + 40 * minuteMs), 5, 50);
  const by = number % 3 === 0 && wasOpened(script) ? secondOf(script) : workerOf(script);
  scene.recordedMs.set(number, recordedMs);
  const record = file.newRecord();
  // Now and then the reliability is judged only after asking back.
  const isLate = number % 4 === 2 && reliability !== 'unknown';

  const act = (atMs: number) => {
    observations.set(number, { record, occurredMs: isKnown ? happenedMs : null, reliability });
    const occurred = nature === 'hearsay' ? { occurredNote: around(scene, happenedMs) } : {};
    const values = {
      nature,
      text,
      ...occurred,
      occurredAt: isKnown ? iso(happenedMs) : undefined,
      recordedAt: iso(atMs),
      source,
      reliability: isLate ? 'unknown' : reliability,
      behaviours: adding(list(behaviours)),
      about: adding(list(about).flatMap((key) => people.get(key) ?? [])),
    };
    file.write({ by, atMs }, { record, kind: 'observation', values });
  };
  const judge = (atMs: number) =>
    file.write({ by: workerOf(script), atMs }, { record, kind: 'observation', values: { reliability } });
  const deeds = [{ atMs: recordedMs, act }];
  return isLate ? [...deeds, { atMs: calendar.after(recordedMs, 30, 200), act: judge }] : deeds;
}

function around(scene: Scene, ms: number): string {
  const day = dayOf(ms);
  return inLanguageOf(scene, { de: `um den ${day.slice(8)}.${day.slice(5, 7)}.`, en: `around ${day}` });
}

/** The second specialist enters what the lead had entered; the lead removes it. */
export function duplicateDeeds(scene: Scene): readonly Deed[] {
  const { script, file, observations } = scene;
  const [first] = rows(script.observations, 7);
  const [, ago, , , , source, text] = first ?? [];
  if (first === undefined || !wasOpened(script) || script.status !== 'managing') return [];
  const record = file.newRecord();
  const atMs = scene.calendar.after(
    Math.max(scene.calendar.ago(Number(ago)), scene.openedMs) + 5 * hourMs,
    10,
    60,
  );
  const add = (now: number) => {
    const values = {
      nature: 'fact',
      text,
      source,
      recordedAt: iso(now),
      reliability: 'medium',
      behaviours: adding(['leakage']),
    };
    file.write({ by: secondOf(script), atMs: now }, { record, kind: 'observation', values });
    const unsure = { behaviours: { add: [], remove: ['leakage'] } };
    file.write(
      { by: secondOf(script), atMs: now + minuteMs },
      { record, kind: 'observation', values: unsure },
    );
  };
  const remove = (now: number) => {
    if (observations.size > 0) file.remove({ by: script.lead, atMs: now }, record);
  };
  return [
    { atMs, act: add },
    { atMs: atMs + 30 * minuteMs, act: remove },
  ];
}

export function measureDeeds(scene: Scene): readonly Deed[] {
  return rows(scene.script.measures, 8).flatMap((cells) => measure(scene, cells));
}

function measure(scene: Scene, cells: readonly string[]): readonly Deed[] {
  const { script, file, calendar, openedMs, measures } = scene;
  const [code = '', driver, ownerKey, due = '0', status = '', doneAgo, effect, note] = cells;
  const owner = personKey(ownerKey);
  const record = file.newRecord();
  const [catalogueCode, title] = code.split(':').map((part) => part.trim());
  const doneMs = doneAgo === '' ? null : Math.max(calendar.ago(Number(doneAgo)), openedMs + 3 * hourMs);
  const plannedMs = plannedAt(scene, doneMs);
  const edit = (by: PersonKey, values: Readonly<Record<string, Json | undefined>>) => (atMs: number) =>
    file.write({ by, atMs }, { record, kind: 'measure', values });
  const plan = (atMs: number) => {
    measures.push(record);
    const first = {
      code: catalogueCode,
      title,
      driver,
      owner: userOf(owner),
      due: calendar.dayFromToday(Number(due)),
    };
    edit(script.lead, { ...first, status: 'planned', note })(atMs);
  };
  const deeds: Deed[] = [{ atMs: plannedMs, act: plan }];
  if (status === 'planned') return deeds;
  if (status === 'done' && doneMs !== null) {
    deeds.push({ atMs: doneMs, act: edit(owner, { status: 'done', doneAt: iso(doneMs) }) });
    if (effect !== '')
      deeds.push({ atMs: calendar.after(doneMs, 600, 3_000), act: edit(script.lead, { effect }) });
    return deeds;
  }
  const by = status === 'cancelled' ? script.lead : owner;
  deeds.push({
    atMs: calendar.after(plannedMs, 60, 600),
    act: edit(by, { status, effect: effect === '' ? undefined : effect }),
  });
  return deeds;
}

/** A measure follows from the last thing that was decided before it. */
function plannedAt({ script, calendar, openedMs }: Scene, doneMs: number | null): number {
  if (doneMs !== null) return Math.max(openedMs + 2 * hourMs, doneMs - 2 * dayMs);
  const decided = (script.assessments ?? [])
    .filter(({ level }) => level !== null)
    .map(({ ago }) => calendar.ago(ago));
  const last = Math.max(openedMs + 2 * hourMs, ...decided);
  return calendar.after(last, 30, 180);
}

export function noteDeeds({ script, file, calendar, openedMs }: Scene): readonly Deed[] {
  return rows(script.notes, 2).map(([ago, text]) => ({
    atMs: Math.max(calendar.ago(Number(ago)), openedMs + 4 * hourMs),
    act: (atMs) => {
      const values = { text, writtenAt: iso(atMs) };
      file.write({ by: script.lead, atMs }, { record: file.newRecord(), kind: 'note', values });
    },
  }));
}
