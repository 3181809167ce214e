/** `docs/security.md` against the code and the tests: what it says is proved has a test that says so. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const paths = (cell: string) => [...cell.matchAll(/`([\w./-]+\.(?:ts|mjs))`/g)].map(([, path = '']) => path);

interface Control {
  readonly id: string;
  readonly setIn: readonly string[];
  readonly state: string;
  readonly proofs: readonly string[];
}

const controls: readonly Control[] = read('docs/security.md')
  .split('\n')
  .filter((line) => /^\| [ES]\d\d \|/.test(line))
  .map((line) => {
    const [, id = '', , setIn = '', state = '', proofs = ''] = line.split('|').map((cell) => cell.trim());
    return { id, setIn: paths(setIn), state, proofs: paths(proofs) };
  });
const proved = controls.filter(({ state }) => state !== 'open');

/** Ids in the names of a file's tests and of the groups they are in. */
function idsTested(file: string): ReadonlySet<string> {
  const names = read(file).matchAll(/\b(?:describe|test|it)(?:\.each)?[^\n]*?\(\s*['`]([^'`\n]*)/g);
  const each = read(file).matchAll(/\]\)\(\s*['`]([^'`\n]*)/g);
  return new Set([...names, ...each].flatMap(([, name = '']) => name.match(/\b[ES]\d\d\b/g) ?? []));
}

describe('the table of controls', () => {
  test('has every control, once', () => {
    const wanted = Array.from({ length: 18 }, (_, at) => `E${String(at + 1).padStart(2, '0')}`);
    const service = Array.from({ length: 8 }, (_, at) => `S0${at + 1}`);
    expect(controls.map(({ id }) => id)).toEqual([...wanted, ...service]);
  });

  test.each(controls)('$id has a state that is one of those explained', ({ state }) => {
    expect(state).toMatch(/^(open|test(, check \(.+\))?(, Electron)?)$/);
  });

  test.each(proved)('$id is set where the table says, with its id beside it', ({ id, setIn }) => {
    expect(setIn).not.toEqual([]);
    for (const file of setIn) expect(read(file), file).toContain(id);
  });

  test.each(proved)(
    '$id is attacked by a test of that name in every file the table names',
    ({ id, proofs }) => {
      expect(proofs).not.toEqual([]);
      for (const file of proofs) expect([...idsTested(file)], file).toContain(id);
    },
  );

  test('leaves no test out: an id in the name of a test is in the table', () => {
    const ids = new Set(controls.map(({ id }) => id));
    const files = globSync('{electron,renderer,shared,tools,server}/**/*.test.ts', { cwd: root });
    for (const file of files) {
      for (const id of idsTested(file)) expect(ids.has(id), `${id} in ${file}`).toBe(true);
    }
  });
});
