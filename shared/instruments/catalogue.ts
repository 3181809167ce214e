import { type DocumentProblem, parseInstrument } from './parse.ts';
import type { Instrument } from './schema.ts';

/** The instruments a program can offer, and the old versions it needs to show old assessments. */
export interface InstrumentCatalogue {
  /** The newest version of each instrument, in the order they were handed in. */
  readonly current: readonly Instrument[];
  /** Every version of every instrument. */
  readonly all: readonly Instrument[];
  /** Exactly this version: an assessment keeps the one it was made with. */
  find(id: string, version: string): Instrument | undefined;
  /** The newest version of one instrument. */
  latest(id: string): Instrument | undefined;
}

export interface InstrumentDocument {
  /** Where it came from, for the messages: a file name. */
  readonly name: string;
  readonly document: unknown;
}

export type LoadedInstruments =
  | { readonly ok: true; readonly catalogue: InstrumentCatalogue }
  | { readonly ok: false; readonly problems: readonly (DocumentProblem & { readonly name: string })[] };

/** Reads every document; one refused document refuses them all, since a missing instrument hides assessments. */
export function loadInstruments(documents: readonly InstrumentDocument[]): LoadedInstruments {
  const problems: (DocumentProblem & { readonly name: string })[] = [];
  const instruments = new Map<string, Instrument>();
  for (const { name, document } of documents) {
    const parsed = parseInstrument(document);
    if (!parsed.ok) {
      problems.push(...parsed.problems.map((problem) => ({ name, ...problem })));
      continue;
    }
    const key = `${parsed.instrument.id}@${parsed.instrument.version}`;
    if (instruments.has(key)) problems.push({ name, path: 'version', message: `${key} is already loaded` });
    else instruments.set(key, parsed.instrument);
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, catalogue: catalogueOf([...instruments.values()]) };
}

function catalogueOf(all: readonly Instrument[]): InstrumentCatalogue {
  const newest = new Map<string, Instrument>();
  for (const instrument of all) {
    const known = newest.get(instrument.id);
    if (known === undefined || compareVersions(instrument.version, known.version) > 0) {
      newest.set(instrument.id, instrument);
    }
  }
  return {
    all,
    current: [...newest.values()],
    find: (id, version) => all.find((one) => one.id === id && one.version === version),
    latest: (id) => newest.get(id),
  };
}

/** Orders `major.minor` versions by number: 2.10 comes after 2.9. */
export function compareVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}
