import { describe, expect, it } from 'vitest';
import { pillState } from './pillState.ts';

const sync = { state: 'idle', heldOffline: false, refused: 0 } as const;

describe('the pill of the exchange', () => {
  it('is calm about being offline, whether by choice or for lack of a network', () => {
    expect(pillState({ ...sync, heldOffline: true })).toBe('offline');
    expect(pillState({ ...sync, state: 'offline' })).toBe('offline');
    expect(pillState({ ...sync, state: 'never' })).toBe('offline');
  });

  it('asks for a person when something was refused or failed for good, even while offline', () => {
    expect(pillState({ ...sync, refused: 1 })).toBe('attention');
    expect(pillState({ ...sync, state: 'error', heldOffline: true })).toBe('attention');
  });

  it('says when both sides hold the same', () => {
    expect(pillState(sync)).toBe('synced');
    expect(pillState({ ...sync, state: 'syncing' })).toBe('syncing');
  });
});
