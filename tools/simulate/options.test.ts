import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('what the simulation can be told', () => {
  it('plays a thousand seeds of five laptops when told nothing', () => {
    expect(readOptions([])).toMatchObject({ first: 1, count: 1_000, isOne: false, steps: 60, devices: 5 });
  });

  it('takes many seeds from one on, or one alone', () => {
    expect(readOptions(['--seeds', '20', '--from', '7'])).toMatchObject({ first: 7, count: 20 });
    expect(readOptions(['--seed', '42'])).toMatchObject({ first: 42, count: 1, isOne: true, workers: 1 });
  });

  it.each([
    [['--sed', '1'], /Unknown option '--sed'/],
    [['seeds'], /Unexpected argument 'seeds'/],
    [['--seeds', 'many'], /--seeds many: has to be a whole number, 1 or more/],
    [['--devices', '1'], /--devices 1: has to be a whole number, 2 or more/],
    [['--seed', '1', '--from', '3'], /--seed plays one seed alone/],
  ])('says of %j what will not do, and where to read on', (argv, words) => {
    expect(() => readOptions(argv)).toThrow(words);
    expect(() => readOptions(argv)).toThrow(/--help shows what there is/);
  });
});
