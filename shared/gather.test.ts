import { describe, expect, it } from 'vitest';
import { sideBySide } from './gather.ts';

const soon = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('work side by side', () => {
  it('is done so many pieces at a time, and all of it', async () => {
    let now = 0;
    let most = 0;
    const done: number[] = [];
    const works = Array.from({ length: 10 }, (_, at) => async () => {
      most = Math.max(most, ++now);
      await soon();
      now -= 1;
      done.push(at);
    });
    await sideBySide(3)(works);
    expect(most).toBe(3);
    expect(done.toSorted((a, b) => a - b)).toEqual([...works.keys()]);
    await expect(sideBySide(3)([])).resolves.toBeUndefined();
  });

  it('begins nothing more once a piece has failed, and fails when the others are over', async () => {
    const done: string[] = [];
    const works = [
      () => Promise.reject(new Error('first')),
      async () => {
        await soon();
        done.push('beside it');
      },
      async () => void done.push('never'),
    ];
    await expect(sideBySide(2)(works)).rejects.toThrow('first');
    expect(done).toEqual(['beside it']);
  });
});
