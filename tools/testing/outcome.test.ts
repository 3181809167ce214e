import { describe, expect, it } from 'vitest';
import { countReport, lastLine } from './outcome.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});
const report = (...testResults: object[]) => ({ testResults });

describe('the count of a test run', () => {
  it('adds up the tests of all files', () => {
    const run = report(file('passed', 'passed', 'passed', 'skipped'), file('failed', 'passed', 'failed'));
    expect(countReport(run, 1)).toEqual({ passed: 3, failed: 1, skipped: 1 });
  });

  it.each([
    ['a file that did not load', report(file('passed', 'passed'), file('failed')), 1],
    ['a hook that threw after its tests passed', report(file('failed', 'passed')), 1],
    ['an error outside every test', report(file('passed', 'passed')), 1],
    ['a run without a test', report(), 0],
    ['a run in which every test was skipped', report(file('passed', 'skipped')), 0],
    ['a report that was never written', undefined, 1],
    ['a report of another shape', { tests: 12 }, 0],
  ])('never hides %s', (_case, run, exitCode) => {
    expect(countReport(run, exitCode).failed).toBe(1);
  });

  it('ends in one line that says both numbers', () => {
    expect(lastLine({ passed: 812, failed: 0, skipped: 3 })).toBe('812 passed, 0 failed');
  });
});
