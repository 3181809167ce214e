/**
 * The demo data: forty cases of a company that does not exist, with their whole history, as signed changes of
 * its laptops. The same seed and the same moment give the same bytes, on every machine.
 */

import { nodeCrypto } from '../../platform/crypto.ts';
import { instrumentDocuments } from '../../resources/instruments/index.ts';
import { loadInstruments } from '../../shared/instruments/catalogue.ts';
import type { Instrument } from '../../shared/instruments/schema.ts';
import { type ChainPoint, chainStart, type SealedChange, sealChange } from '../../shared/sync/change.ts';
import type { SyncCrypto } from '../../shared/sync/crypto.ts';
import { chainChanges, maxSegmentChanges, type Segment, signSegment } from '../../shared/sync/segment.ts';
import { assessmentDeeds } from './assess.ts';
import { Calendar } from './calendar.ts';
import { CaseFile, type Written } from './caseFile.ts';
import { demoCases } from './cases/index.ts';
import { fileDeeds, type SealedFile } from './files.ts';
import { intakeDeeds } from './intake.ts';
import { demoPeople, demoSigner, type PersonKey } from './people.ts';
import { apartDeeds, closingDeeds, stepDeeds } from './progress.ts';
import { seededRandom } from './random.ts';
import type { Scene } from './scene.ts';
import type { DemoCase } from './script.ts';
import { duplicateDeeds, measureDeeds, noteDeeds, observationDeeds, peopleDeeds } from './work.ts';

export interface DemoOptions {
  /** Everything happened before this moment; due dates lie around it. */
  readonly nowMs: number;
  readonly seed?: string;
}

/** One case as its changes, in the order in which they were written. */
export interface PlayedCase {
  readonly script: DemoCase;
  readonly file: CaseFile;
  readonly files: readonly SealedFile[];
}

export interface DemoSegment {
  readonly by: PersonKey;
  readonly segment: Segment;
}

/** All cases, the oldest report first. */
export function playDemo({ nowMs, seed = 'tma' }: DemoOptions): readonly PlayedCase[] {
  const instrument = warningBehaviours();
  const played = demoCases.map((script) => playCase(script, { nowMs, seed, instrument }));
  // A case's id begins with the moment its report came in.
  return played.toSorted((a, b) => (a.file.id < b.file.id ? -1 : 1));
}

/** The signed runs of every case in the order in which they can be handed in. */
export function demoSegments(options: DemoOptions): readonly DemoSegment[] {
  const random = seededRandom(`${options.seed ?? 'tma'}/salts`);
  const crypto: SyncCrypto = { ...nodeCrypto, randomBytes: (length) => random.bytes(length) };
  return playDemo(options).flatMap(({ file }) => segmentsOf(file, crypto));
}

/** What the cases' files come to, for the service's place for attachments. */
export function demoFiles(options: DemoOptions): readonly SealedFile[] {
  return playDemo(options).flatMap(({ files }) => files);
}

function playCase(
  script: DemoCase,
  { nowMs, seed, instrument }: { nowMs: number; seed: string; instrument: Instrument },
): PlayedCase {
  const random = seededRandom(`${seed}/${script.title}`);
  const calendar = new Calendar(nowMs, random);
  const receivedMs = calendar.ago(script.report.ago);
  const file = new CaseFile(random, receivedMs, nowMs);
  const scene: Scene = {
    script,
    file,
    calendar,
    random,
    receivedMs,
    openedMs: calendar.after(receivedMs, 25, script.imminent === true ? 30 : 150),
    people: new Map(),
    observations: new Map(),
    recordedMs: new Map(),
    measures: [],
    assessments: [],
    files: [],
  };
  const before = [
    ...intakeDeeds(scene),
    ...peopleDeeds(scene),
    ...observationDeeds(scene),
    ...duplicateDeeds(scene),
    ...measureDeeds(scene),
    ...noteDeeds(scene),
    ...fileDeeds(scene),
  ];
  const assessed = assessmentDeeds(scene, instrument);
  const all = [...before, ...assessed, ...stepDeeds(scene, assessed), ...apartDeeds(scene)];
  const deeds = [...all, ...closingDeeds(scene, all)];
  for (const { atMs, act } of deeds.toSorted((a, b) => a.atMs - b.atMs)) act(Math.min(atMs, nowMs));
  return { script, file, files: scene.files };
}

function warningBehaviours(): Instrument {
  const loaded = loadInstruments(instrumentDocuments);
  const found = loaded.ok ? loaded.catalogue.latest('warning-behaviours') : undefined;
  if (found === undefined) throw new Error('the warning behaviours are not among the shipped instruments');
  return found;
}

/** Runs of neighbours by one author, each signed with the key of that author's laptop. */
function segmentsOf(file: CaseFile, crypto: SyncCrypto): readonly DemoSegment[] {
  const chains = new Map<PersonKey, ChainPoint>();
  return runsOf(file.written).map(({ by, changes }) => {
    const prev = chains.get(by) ?? chainStart;
    const draft = {
      caseId: file.id,
      device: demoPeople[by].device.id,
      prev,
      changes: changes.map(seal(crypto)),
    };
    chains.set(by, chainChanges(draft, crypto).at(-1) ?? prev);
    return { by, segment: signSegment(draft, demoSigner(by), crypto) };
  });
}

function seal(crypto: SyncCrypto): (written: Written) => SealedChange {
  return ({ change }) => sealChange(change, crypto);
}

function runsOf(written: readonly Written[]): readonly { by: PersonKey; changes: readonly Written[] }[] {
  const runs: { by: PersonKey; changes: Written[] }[] = [];
  for (const one of written) {
    const last = runs.at(-1);
    if (last?.by === one.by && last.changes.length < maxSegmentChanges) last.changes.push(one);
    else runs.push({ by: one.by, changes: [one] });
  }
  return runs;
}
