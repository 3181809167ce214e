/** Looks things up in templates. */
import type { Resource, Templates } from './template.ts';

export type Properties = Readonly<Record<string, unknown>>;

export function resourcesOf(
  templates: Templates,
  path: string,
  type: string,
): readonly (readonly [string, Resource])[] {
  const template = templates[path];
  if (template === undefined) throw new Error(`There is no template ${path}.`);
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The one resource of that kind, or of that name. Throws when there is none, or more than one. */
export function resource(
  templates: Templates,
  path: string,
  [type, id]: readonly [string, string?],
): Properties {
  const found = resourcesOf(templates, path, type).filter(([known]) => id === undefined || known === id);
  const [first, second] = found;
  if (first === undefined || second !== undefined) {
    throw new Error(`${path} has ${found.length} of ${type} ${id ?? ''}, not one.`);
  }
  return first[1].Properties ?? {};
}

/** Follows keys and indices; `undefined` where there is nothing. */
export function dig(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>((at, key) => {
    if (typeof at !== 'object' || at === null) return undefined;
    return Object.entries(at).find(([name]) => name === String(key))?.[1];
  }, value);
}
