import { describe, expect, it } from 'vitest';
import { watchActivity } from './activity.ts';

function desk() {
  const listeners = new Map<string, (event: Event) => void>();
  const waiting: (() => void)[] = [];
  const told: number[] = [];
  const stop = watchActivity({
    target: {
      addEventListener: (type: string, listener: unknown) =>
        void listeners.set(type, listener as (event: Event) => void),
      removeEventListener: (type: string) => void listeners.delete(type),
    },
    report: () => void told.push(told.length),
    after: (_delayMs, run) => {
      waiting.push(run);
      return () => void waiting.splice(waiting.indexOf(run), 1);
    },
  });
  const act = (type: string, isTrusted = true) => listeners.get(type)?.({ isTrusted } as Event);
  const pass = () => waiting.shift()?.();
  return { act, pass, told, stop, listeners };
}

describe('what tells that somebody is there', () => {
  it('is told at the first touch, then at most once a second, and the last touch always', () => {
    const { act, pass, told } = desk();
    act('keydown');
    expect(told).toHaveLength(1);
    for (let n = 0; n < 50; n++) act('pointermove');
    expect(told).toHaveLength(1);
    pass();
    expect(told).toHaveLength(2);
    pass();
    expect(told).toHaveLength(2);
    act('wheel');
    expect(told).toHaveLength(3);
  });

  it('is not what a script makes up', () => {
    const { act, told } = desk();
    act('keydown', false);
    expect(told).toHaveLength(0);
  });

  it('stops with the lock', () => {
    const { stop, listeners } = desk();
    stop();
    expect(listeners.size).toBe(0);
  });
});
