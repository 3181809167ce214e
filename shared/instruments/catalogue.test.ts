import { describe, expect, it } from 'vitest';
import { compareVersions, loadInstruments } from './catalogue.ts';
import { instrumentDocument } from './fixture.test-support.ts';

const file = (name: string, changes: object = {}) => ({ name, document: instrumentDocument(changes) });

describe('the instrument catalogue', () => {
  it('offers the newest version and keeps the old ones for old assessments', () => {
    const loaded = loadInstruments([
      file('a.json', { version: '2.9' }),
      file('b.json', { version: '2.10' }),
      file('c.json', { version: '1.0' }),
      file('d.json', { id: 'other' }),
    ]);
    if (!loaded.ok) expect.fail(JSON.stringify(loaded.problems));
    const { catalogue } = loaded;
    expect(catalogue.current.map(({ id, version }) => `${id} ${version}`)).toEqual([
      'sample 2.10',
      'other 1.0',
    ]);
    expect(catalogue.latest('sample')?.version).toBe('2.10');
    expect(catalogue.find('sample', '1.0')?.version).toBe('1.0');
    expect(catalogue.find('sample', '3.0')).toBeUndefined();
    expect(catalogue.latest('nothing')).toBeUndefined();
  });

  it('refuses two documents that claim the same version: one of them was changed after publication', () => {
    expect(loadInstruments([file('a.json'), file('b.json')])).toEqual({
      ok: false,
      problems: [{ name: 'b.json', path: 'version', message: 'sample@1.0 is already loaded' }],
    });
  });

  it('names the file of every problem', () => {
    const loaded = loadInstruments([
      file('good.json'),
      { name: 'bad.json', document: { ...instrumentDocument({ id: 'bad' }), version: '1' } },
    ]);
    expect(loaded).toMatchObject({ ok: false, problems: [{ name: 'bad.json', path: 'version' }] });
  });

  it('orders versions by number, not by letter', () => {
    expect(compareVersions('2.10', '2.9')).toBeGreaterThan(0);
    expect(compareVersions('1.9', '2.0')).toBeLessThan(0);
    expect(compareVersions('2.1', '2.1')).toBe(0);
  });
});
