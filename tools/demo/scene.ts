/** What the parts of a demo case share while it is being played. */

import type { CaseStatus } from '../../shared/domain/workflow.ts';
import type { RecordId, UserId } from '../../shared/ids.ts';
import { caseRecordId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import type { Calendar } from './calendar.ts';
import type { CaseFile, Edit } from './caseFile.ts';
import type { SealedFile } from './files.ts';
import { demoPeople, type PersonKey } from './people.ts';
import type { SeededRandom } from './random.ts';
import type { DemoCase } from './script.ts';

/** Something somebody does at a moment. Played in the order of the moments. */
export interface Deed {
  readonly atMs: number;
  readonly act: (atMs: number) => void;
}

export interface Noted {
  readonly record: RecordId;
  readonly occurredMs: number | null;
  readonly reliability: string;
}

export interface Scene {
  readonly script: DemoCase;
  readonly file: CaseFile;
  readonly calendar: Calendar;
  readonly random: SeededRandom;
  /** When the report came in, and when the case was opened. */
  readonly receivedMs: number;
  readonly openedMs: number;
  /** Records of people by their key in the script, filled as they are added. */
  readonly people: Map<string, RecordId>;
  /** Observations by their number in the script, from 1. */
  readonly observations: Map<number, Noted>;
  /** When each of them is going to be recorded. */
  readonly recordedMs: Map<number, number>;
  readonly measures: RecordId[];
  readonly assessments: RecordId[];
  /** Filled as they are added. */
  readonly files: SealedFile[];
}

export function wasOpened({ status }: DemoCase): boolean {
  return !['received', 'triage', 'rejected', 'referred'].includes(status);
}

/** The specialist who helps the lead. */
export function secondOf({ lead }: DemoCase): PersonKey {
  return lead === 'kessler' ? 'okafor' : 'kessler';
}

/** Who works on the file before anyone leads it. */
export function workerOf(script: DemoCase): PersonKey {
  return wasOpened(script) ? script.lead : 'intake';
}

export function userOf(key: PersonKey): UserId {
  return demoPeople[key].id;
}

/** Reads the name of a person of the organisation in a table. Throws for one who is not there. */
export function personKey(text: string | undefined): PersonKey {
  const found = (Object.keys(demoPeople) as PersonKey[]).find((key) => key === text); // its own keys
  if (found === undefined) throw new Error(`nobody is called "${text}"`);
  return found;
}

export function ofCase({ file }: Scene, values: Readonly<Record<string, Json | undefined>>): Edit {
  return { record: caseRecordId(file.id), kind: 'case', values };
}

/** Moves the case to a status, unless it is there already. */
export function moveTo(scene: Scene, status: CaseStatus): (atMs: number) => void {
  const { file, script } = scene;
  return (atMs) => {
    if (file.valueOf(caseRecordId(file.id), 'status') === status) return;
    file.write({ by: script.lead, atMs }, ofCase(scene, { status }));
  };
}

/** An edit of a set that only adds; `undefined` when there is nothing to add. */
export function adding(elements: readonly string[]): Json | undefined {
  return elements.length === 0 ? undefined : { add: elements, remove: [] };
}

/** A text in the language the case is written in. */
export function inLanguageOf({ script }: Scene, texts: { readonly de: string; readonly en: string }): string {
  return texts[script.language];
}
