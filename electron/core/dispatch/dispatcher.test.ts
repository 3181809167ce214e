import { describe, expect, test } from 'vitest';
import { type ProcedureName, procedureNames, procedures } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { handlersThat } from './dispatcher.test-support.ts';
import { createDispatcher, type DispatcherDeps } from './dispatcher.ts';

function begin(changes: Partial<DispatcherDeps> & { act?: (name: ProcedureName) => Promise<unknown> } = {}) {
  const called: ProcedureName[] = [];
  const defects: unknown[] = [];
  const dispatch = createDispatcher({
    handlers: handlersThat(async (name) => {
      called.push(name);
      return changes.act?.(name) ?? {};
    }),
    isUnlocked: () => true,
    nowMs: () => 0,
    onDefect: (thrown) => defects.push(thrown),
    ...changes,
  });
  const call = (procedure: string, input: unknown = {}) =>
    dispatch({ type: 'call', id: 5, procedure, input });
  return { dispatch, call, called, defects };
}

const error = (code: string) => ({ type: 'error', id: 5, error: { code } });

describe('E09 registry', () => {
  test('answers a call with what its handler says', async () => {
    const { call } = begin();
    expect(await call('session.lock')).toEqual({ type: 'value', id: 5, value: {} });
  });

  test('knows no procedure but those of the contract', async () => {
    const { call, called } = begin();
    for (const name of [
      '',
      'session',
      'session.lock ',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
    ]) {
      expect(await call(name)).toEqual(error('not-found'));
    }
    expect(called).toEqual([]);
  });

  test('refuses everything that needs an open vault while it is locked, before looking at the input', async () => {
    const { call, called } = begin({ isUnlocked: () => false });
    for (const name of procedureNames.filter((name) => !procedures[name].whenLocked)) {
      expect(await call(name, { garbage: true })).toEqual(error('vault.locked'));
    }
    expect(called).toEqual([]);
  });

  test('answers while locked what concerns the session and the settings only', () => {
    const open = procedureNames.filter((name) => procedures[name].whenLocked);
    // A vault that does not open needs its passphrase, or the organisation's key, for these as well.
    expect(open.filter((name) => !/^(session|settings)\./.test(name)).toSorted()).toEqual([
      // A file is a number of bytes until somebody takes it; while locked only a restore does.
      'files.begin',
      'files.cancel',
      'files.put',
      'vault.recover',
      'vault.restore',
      'vault.salvage',
    ]);
  });

  test('refuses an undeclared field for every procedure there is', async () => {
    const { call, called } = begin();
    for (const name of procedureNames)
      expect(await call(name, { undeclared: 1 })).toEqual(error('input.invalid'));
    expect(called).toEqual([]);
  });

  test('refuses an input above a mebibyte by its size alone', async () => {
    const { call, called } = begin();
    const refused = {
      type: 'error',
      id: 5,
      error: { code: 'input.too-large', params: { maxBytes: 1_048_576 } },
    };
    expect(await call('session.unlock', { passphrase: 'x'.repeat(1_048_576) })).toEqual(refused);
    expect(
      await call(
        'session.unlock',
        Array.from({ length: 1_000_000 }, () => 1),
      ),
    ).toEqual(refused);
    expect(called).toEqual([]);
  });

  test('refuses what a message port can carry and JSON cannot', async () => {
    const { call } = begin();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    for (const input of [new Map(), new Date(), new Uint8Array(4), { a: 1n }, { a: Number.NaN }, cycle]) {
      expect(await call('session.get', input)).toEqual(error('input.invalid'));
    }
  });

  test('slows down a renderer gone wild and serves it again later', async () => {
    let nowMs = 0;
    const { call } = begin({ rateLimit: { burst: 3, perSecond: 10 }, nowMs: () => nowMs });
    const codes = async (times: number) =>
      Promise.all(Array.from({ length: times }, () => call('session.lock').then((answer) => answer.type)));
    expect(await codes(5)).toEqual(['value', 'value', 'value', 'error', 'error']);
    nowMs = 200;
    expect(await codes(3)).toEqual(['value', 'value', 'error']);
    nowMs = -1_000;
    expect(await codes(1)).toEqual(['error']);
  });

  test('passes on the code of an expected failure and nothing of its cause', async () => {
    const { call, defects } = begin({
      act: async () => {
        throw new TmaError('vault.throttled', { seconds: 30 }, new Error('a canary'));
      },
    });
    const answer = await call('session.get');
    expect(answer).toEqual({
      type: 'error',
      id: 5,
      error: { code: 'vault.throttled', params: { seconds: 30 } },
    });
    expect(defects).toEqual([]);
  });

  test.each([
    ['an error', () => new Error('a canary')],
    ['a text', () => 'a canary'],
    ['nothing', () => undefined],
    ['an object that looks like an answer', () => ({ code: 'a canary', stack: 'a canary' })],
    ['an internal error with parameters', () => new TmaError('internal', { table: 'a canary' })],
  ])('turns %s nobody expected into `internal` without a word more', async (_what, thrown) => {
    const { call, defects } = begin({
      act: async () => {
        throw thrown();
      },
    });
    expect(await call('session.get')).toEqual(error('internal'));
    expect(defects).toHaveLength(1);
  });

  test('lets no answer out that the contract does not describe', async () => {
    const { call, defects } = begin({ act: async () => ({ lines: 'a canary' }) });
    expect(await call('conflicts.list')).toEqual(error('internal'));
    expect(defects).toHaveLength(1);
  });

  test('lets no undeclared field of an answer out', async () => {
    const { call } = begin({ act: async () => ({ lines: [], passphrase: 'a canary' }) });
    expect(await call('conflicts.list')).toEqual({ type: 'value', id: 5, value: { lines: [] } });
  });

  test('answers what is no call at all under the id 0', async () => {
    const { dispatch } = begin();
    for (const message of [
      null,
      undefined,
      1,
      'call',
      [],
      {},
      { type: 'call', id: 1.5 },
      { type: 'call', id: -1 },
    ]) {
      expect(await dispatch(message)).toEqual({ type: 'error', id: 0, error: { code: 'input.invalid' } });
    }
    expect(await dispatch({ type: 'call', id: 9, procedure: 7 })).toMatchObject({ id: 9, type: 'error' });
  });
});
