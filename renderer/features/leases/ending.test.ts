import { describe, expect, it } from 'vitest';
import { endingSoon } from './ending.ts';

const nowMs = Date.parse('2026-11-28T12:00:00.000Z');
const next = (hours: number) => ({
  next: {
    ...{ at: new Date(nowMs + hours * 3_600_000).toISOString(), what: 'cases' as const },
    ...{ cases: 3, unsent: 0 },
  },
});
const offline = { state: 'offline', heldOffline: false } as const;

describe('the warning before cases go', () => {
  it('is given a day ahead to a laptop that does not reach the service', () => {
    expect(endingSoon(next(23), offline, nowMs)).toMatchObject({ cases: 3 });
    expect(endingSoon(next(25), offline, nowMs)).toBeNull();
  });

  it('is given as well where the person works offline on purpose, or something is wrong', () => {
    expect(endingSoon(next(2), { state: 'offline', heldOffline: true }, nowMs)).not.toBeNull();
    expect(endingSoon(next(2), { state: 'error', heldOffline: false }, nowMs)).not.toBeNull();
  });

  it('is not given to a laptop that exchanges: its time is renewed', () => {
    for (const state of ['idle', 'syncing'] as const) {
      expect(endingSoon(next(2), { state, heldOffline: false }, nowMs)).toBeNull();
    }
  });

  it('is not given where nothing ends', () => {
    expect(endingSoon({ next: null }, offline, nowMs)).toBeNull();
    expect(endingSoon(null, offline, nowMs)).toBeNull();
  });
});
