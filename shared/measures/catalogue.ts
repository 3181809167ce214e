import { type DocumentProblem, duplicates, problemsOf } from '../instruments/parse.ts';
import { type MeasureEntry, type MeasuresCatalogueDocument, measuresCatalogueSchema } from './schema.ts';

export interface MeasuresCatalogue extends MeasuresCatalogueDocument {
  /** The measure with this code, or `undefined` for one that a newer catalogue or a person invented. */
  find(code: string): MeasureEntry | undefined;
  /** Measures that typically target this driver, in catalogue order. */
  forDriver(driver: string): readonly MeasureEntry[];
}

export type LoadedMeasures =
  | { readonly ok: true; readonly catalogue: MeasuresCatalogue }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

/** Reads a catalogue document; refusals name every problem and its path, nothing is thrown. */
export function loadMeasures(document: unknown): LoadedMeasures {
  const shape = measuresCatalogueSchema.safeParse(document, { reportInput: true });
  if (!shape.success) return { ok: false, problems: problemsOf(shape.error) };
  const problems = [...duplicateProblems(shape.data), ...referenceProblems(shape.data)];
  if (problems.length > 0) return { ok: false, problems };
  const { measures } = shape.data;
  return {
    ok: true,
    catalogue: {
      ...shape.data,
      find: (code) => measures.find((measure) => measure.code === code),
      forDriver: (driver) => measures.filter((measure) => measure.drivers.includes(driver)),
    },
  };
}

function duplicateProblems(document: MeasuresCatalogueDocument): readonly DocumentProblem[] {
  const named = (['groups', 'roles', 'exclusions'] as const).flatMap((list) =>
    duplicates(document[list].map(({ id }, i) => ({ id, path: `${list}[${i}].id` }))),
  );
  const codes = document.measures.map(({ code }, i) => ({ id: code, path: `measures[${i}].code` }));
  return [...named, ...duplicates(codes)];
}

function referenceProblems(document: MeasuresCatalogueDocument): readonly DocumentProblem[] {
  const known = (list: 'groups' | 'roles' | 'exclusions', id: string): boolean =>
    document[list].some((entry) => entry.id === id);
  return document.measures.flatMap((measure, m) => {
    const at = `measures[${m}]`;
    return [
      ...(known('groups', measure.group) ? [] : [{ path: `${at}.group`, message: unknown(measure.group) }]),
      ...(known('roles', measure.owner) ? [] : [{ path: `${at}.owner`, message: unknown(measure.owner) }]),
      ...measure.neverWhere.flatMap((id, i) =>
        known('exclusions', id) ? [] : [{ path: `${at}.neverWhere[${i}]`, message: unknown(id) }],
      ),
    ];
  });
}

const unknown = (id: string): string => `"${id}" is not declared`;
