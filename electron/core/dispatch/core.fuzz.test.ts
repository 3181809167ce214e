/** The registry with the real core behind it: an open vault with cases, and calls that get far into it. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type AnswerMessage, answerMessageSchema } from '../../../shared/contract/messages.ts';
import { type ProcedureName, procedureNames, procedures } from '../../../shared/contract/procedures.ts';
import type { CaseView } from '../../../shared/contract/views.ts';
import { kindNames } from '../../../shared/domain/kinds.ts';
import { startCore, type TestCore, testEnrolment } from '../session/testing.ts';
import { memorySecrets, temporaryFolder, testPassphrase } from '../vault/testing.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { arbitraryOf, type Known } from './schemaArbitrary.test-support.ts';

/** The long proof sets this to 100 000 and more. */
const runs = Number(process.env.TMA_FUZZ_CALLS ?? 2_000);
const seed = Number(process.env.TMA_FUZZ_SEED ?? 20_260_102);

/** What ends or remakes the session, and what counts wrong passphrases, has tests of its own. */
const left: ReadonlySet<ProcedureName> = new Set([
  ...procedureNames.filter((name) => name.startsWith('vault.')),
  'session.enrol',
  'session.lock',
  'session.unlock',
]);

const folder = temporaryFolder();
const defects: unknown[] = [];
let core: TestCore;
let dispatch: Dispatcher;
let known: Known;

beforeAll(async () => {
  core = startCore({ folder: folder.path, secrets: memorySecrets(), enrolment: testEnrolment() });
  await core.handlers['session.enrol']({ code: 'ABCD-1234', label: 'Laptop', passphrase: testPassphrase });
  const cases: CaseView[] = [];
  for (const what of ['Er hat es angekündigt.', 'Zweiter Vorfall']) {
    const { caseId } = await core.handlers['reports.take']({
      ...{ channel: 'phone', receivedAt: '2026-11-01T08:00:00.000Z', anonymous: false },
      ...{ reporterName: null, reporterContact: null, who: 'J. Beck', whoIsAtRisk: null, what },
      ...{ where: null, when: null, behaviours: [], emergency: false },
    });
    cases.push(await core.handlers['cases.get']({ caseId }));
  }
  const records = cases.flatMap((one) => one.records);
  const changes = records.flatMap(({ saw }) => Object.values(saw).flat());
  known = {
    caseId: cases.map(({ line }) => line.id),
    record: records.map(({ id }) => id),
    recordId: records.map(({ id }) => id),
    assessmentId: records.map(({ id }) => id),
    saw: changes,
    uuid: [...changes, ...records.map(({ id }) => id)],
    kind: kindNames,
    field: [...new Set(records.flatMap(({ values }) => Object.keys(values)))],
    instrument: ['key-questions', 'warning-behaviours'],
  };
  dispatch = createDispatcher({
    handlers: core.handlers,
    isUnlocked: core.isUnlocked,
    nowMs: () => performance.now(),
    rateLimit: { burst: Number.MAX_SAFE_INTEGER, perSecond: 1 },
    onDefect: (thrown) => defects.push(thrown),
  });
});
afterAll(async () => {
  await core.close();
  folder[Symbol.dispose]();
});

function calls(): fc.Arbitrary<{ procedure: ProcedureName; input: unknown }> {
  const names = procedureNames.filter((name) => !left.has(name));
  return fc.oneof(
    ...names.map((procedure) => {
      const schema = z.toJSONSchema(procedures[procedure].input, { io: 'input', unrepresentable: 'any' });
      const input = arbitraryOf(schema, known);
      return fc.record({ procedure: fc.constant(procedure), input });
    }),
  );
}

test('E09 no call crashes the core, meets a defect in it, or is answered with more than a code', async () => {
  const answered = { value: 0, error: 0 };
  let id = 0;
  await fc.assert(
    fc.asyncProperty(calls(), async ({ procedure, input }) => {
      id += 1;
      const answer: AnswerMessage = await dispatch({ type: 'call', id, procedure, input });
      expect(answerMessageSchema.safeParse(answer).success).toBe(true);
      if (answer.type === 'event') throw new Error('an event is no answer');
      answered[answer.type] += 1;
      expect(answer.id).toBe(id);
      expect(defects.splice(0), procedure).toEqual([]);
      if (answer.type === 'error') expect(JSON.stringify(answer)).not.toMatch(/\.ts:|node:|SQLITE|SELECT/);
    }),
    { numRuns: runs, seed, endOnFailure: true },
  );
  // A fuzzer whose every call is refused at the door proves nothing of the house.
  expect(answered.value).toBeGreaterThan(runs / 10);
}, 3_600_000);
