/** E18: under which licences we take packages, and of which kind of use each may be. */

/** May be shipped: they ask for their text to be passed on, and for nothing of our own. */
export const shippable: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  // The typeface, whose licence names fonts inside programs.
  'OFL-1.1',
]);

/** May be used to build and test: its files stay under it, and none of them is shipped. */
export const workshopOnly: ReadonlySet<string> = new Set(['MPL-2.0']);

/** Packages whose package.json says it in a way of its own; what their licence file (or their registry entry) says. */
export const stated: Readonly<Record<string, string>> = {
  '@react-aria/optimize-locales-plugin': 'Apache-2.0',
  busboy: 'MIT',
  'end-stream': 'MIT',
  'esprima-fb': 'BSD-2-Clause',
  'humanize-number': 'MIT',
  'level-write-stream': 'MIT',
  // Of this version alone: those after it are under another licence.
  'readable-stream@0.0.4': 'BSD-2-Clause',
  streamsearch: 'MIT',
  'tiny-queue@0.2.1': 'Apache-2.0',
  'write-stream': 'MIT',
};

/** Whether an SPDX expression allows that use. `OR` needs one side, `AND` both; anything else has to be a name. */
export function licenceAllows(expression: string, use: 'shipped' | 'workshop'): boolean {
  const inner = /^\((.*)\)$/.exec(expression)?.[1] ?? expression;
  if (inner.includes(' OR ')) return inner.split(' OR ').some((one) => licenceAllows(one, use));
  if (inner.includes(' AND ')) return inner.split(' AND ').every((one) => licenceAllows(one, use));
  return shippable.has(inner) || (use === 'workshop' && workshopOnly.has(inner));
}
