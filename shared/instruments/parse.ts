/**
 * Reading an instrument document from outside: the shape first, then what a schema cannot say. Nothing is
 * thrown; a refused document comes back with every problem and the path where it is, so that whoever wrote it
 * can mend it: `sections[0].items[2].title.en: missing`.
 */
import type { z } from 'zod';
import { type Condition, type Instrument, instrumentSchema, itemsOf } from './schema.ts';

export interface DocumentProblem {
  /** Where in the document: `sections[0].items[2].id`; empty for the document as a whole. */
  readonly path: string;
  /** What is wrong, in English: for the person who edits the document. */
  readonly message: string;
}

export type ParsedInstrument =
  | { readonly ok: true; readonly instrument: Instrument }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

export function parseInstrument(document: unknown): ParsedInstrument {
  const shape = instrumentSchema.safeParse(document, { reportInput: true });
  if (!shape.success) return { ok: false, problems: problemsOf(shape.error) };
  const problems = [...duplicateProblems(shape.data), ...promptProblems(shape.data)];
  return problems.length === 0 ? { ok: true, instrument: shape.data } : { ok: false, problems };
}

/** Every issue of a zod error as a problem with a readable path. */
export function problemsOf(error: z.ZodError): readonly DocumentProblem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'unknown entry' }));
    }
    const missing = issue.code === 'invalid_type' && issue.input === undefined;
    return [{ path: pathText(issue.path), message: missing ? 'missing' : issue.message }];
  });
}

export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}

/** One problem for each entry whose id an earlier entry has. */
export function duplicates(
  entries: readonly { readonly id: string; readonly path: string }[],
): readonly DocumentProblem[] {
  const first = new Map<string, string>();
  return entries.flatMap(({ id, path }) => {
    const earlier = first.get(id);
    if (earlier === undefined) {
      first.set(id, path);
      return [];
    }
    return [{ path, message: `"${id}" is already used at ${earlier}` }];
  });
}

function duplicateProblems({ sections, prompts }: Instrument): readonly DocumentProblem[] {
  const items = sections.flatMap((section, s) =>
    section.items.map((item, i) => ({ id: item.id, path: `sections[${s}].items[${i}].id` })),
  );
  return [
    ...duplicates(sections.map((section, s) => ({ id: section.id, path: `sections[${s}].id` }))),
    ...duplicates(items),
    ...duplicates(prompts.map((prompt, p) => ({ id: prompt.id, path: `prompts[${p}].id` }))),
  ];
}

function promptProblems(instrument: Instrument): readonly DocumentProblem[] {
  const items = new Map(itemsOf(instrument).map((item) => [item.id, item]));

  const check = (condition: Condition, path: string): readonly DocumentProblem[] => {
    if ('all' in condition) return condition.all.flatMap((part, i) => check(part, `${path}.all[${i}]`));
    if ('any' in condition) return condition.any.flatMap((part, i) => check(part, `${path}.any[${i}]`));
    const item = items.get(condition.item);
    if (item === undefined) {
      return [{ path: `${path}.item`, message: `there is no item "${condition.item}"` }];
    }
    if (item.answer === 'narrative') {
      return [{ path: `${path}.item`, message: `"${item.id}" is answered in words, not coded` }];
    }
    if (condition.coding === undefined && condition.change === undefined) {
      return [{ path, message: 'names neither a coding nor a change' }];
    }
    return [];
  };

  return instrument.prompts.flatMap((prompt, p) => [
    ...check(prompt.when, `prompts[${p}].when`),
    ...(prompt.justifyBelow !== undefined && !instrument.decidesLevel
      ? [{ path: `prompts[${p}].justifyBelow`, message: 'this instrument does not decide a level' }]
      : []),
  ]);
}
