/** How many things passed and failed, counted so that nothing that went wrong can look like nothing. */
import { z } from 'zod';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const onePassed: Outcome = { passed: 1, failed: 0, skipped: 0 };
export const oneFailed: Outcome = { passed: 0, failed: 1, skipped: 0 };

export function sum(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce(
    (total, each) => ({
      passed: total.passed + each.passed,
      failed: total.failed + each.failed,
      skipped: total.skipped + each.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The part of Vitest's JSON report that is counted. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/**
 * Counts a Vitest report. A file that failed without a failing test (it did not load, a hook threw) counts as one
 * failure; so does a run that ended badly although every test passed (an error nobody caught, a crashed worker),
 * a report that is not there, and a run without a single test.
 */
export function countReport(report: unknown, exitCode: number): Outcome {
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success) return oneFailed;
  const files = parsed.data.testResults.map((file): Outcome => {
    const count = (...wanted: string[]) =>
      file.assertionResults.filter(({ status }) => wanted.includes(status)).length;
    const failed = count('failed');
    const skipped = count('skipped', 'pending', 'todo', 'disabled');
    return {
      passed: count('passed'),
      failed: file.status === 'failed' ? Math.max(failed, 1) : failed,
      skipped,
    };
  });
  const total = sum(files);
  const wentWrong = total.failed === 0 && (exitCode !== 0 || total.passed === 0);
  return wentWrong ? sum([total, oneFailed]) : total;
}

/** The last line of `npm test`, alone on its line. */
export function lastLine({ passed, failed }: Outcome): string {
  return `${passed} passed, ${failed} failed`;
}
