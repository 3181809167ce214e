import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerMessageSchema } from '../../../shared/contract/messages.ts';
import { procedureNames } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { handlersThat } from './dispatcher.test-support.ts';
import { createDispatcher } from './dispatcher.ts';

/** The long proof sets this to 100 000 and more. */
const runs = Number(process.env.TMA_FUZZ_CALLS ?? 5_000);
const seed = Number(process.env.TMA_FUZZ_SEED ?? 20_260_101);

const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true });
const call = fc.record({
  type: fc.constant('call'),
  id: fc.oneof(fc.nat(), fc.integer(), fc.double()),
  procedure: fc.oneof(fc.constantFrom(...procedureNames), fc.string()),
  input: fc.oneof(anything, fc.dictionary(fc.string(), anything), fc.constant({})),
});
const misbehaviour = fc.oneof(
  fc.record({ throws: fc.boolean(), what: anything }),
  fc.constant({ throws: true, what: new TmaError('vault.throttled', { seconds: 1 }) }),
  fc.constant({ throws: true, what: new Error('canary') }),
);

// A guard against hanging, which grows with the number of calls.
const timeout = 120_000 + runs * 10;

test('E09 no call of any shape crashes the registry, stays unanswered or gets more than the contract allows', {
  timeout,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(call, call, anything),
      misbehaviour,
      fc.boolean(),
      async (message, act, open) => {
        const dispatch = createDispatcher({
          handlers: handlersThat(async () => {
            if (act.throws) throw act.what;
            return act.what;
          }),
          isUnlocked: () => open,
          nowMs: () => 0,
          onDefect: () => {},
        });
        const answer = await dispatch(message);
        expect(answerMessageSchema.safeParse(answer).success).toBe(true);
        expect(answer.type).not.toBe('event');
        if (answer.type !== 'error') return;
        expect(Object.keys(answer)).toEqual(['type', 'id', 'error']);
        expect(JSON.stringify(answer)).not.toMatch(/canary|\.ts:|node:/);
      },
    ),
    { numRuns: runs, seed },
  );
});
