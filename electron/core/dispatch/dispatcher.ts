/**
 * E09: the one registry. Every call of a renderer passes here and nowhere else: rate, size, name, lock gate,
 * input schema, handler, output schema. Whatever happens, the answer is a value the contract allows or a code
 * of the catalogue; no stack, no message, no undeclared field reaches the renderer.
 */
import { unreadableId } from '../../../shared/contract/callLine.ts';
import { type AnswerMessage, callMessageSchema } from '../../../shared/contract/messages.ts';
import type { Procedure } from '../../../shared/contract/procedure.ts';
import { type Handlers, type ProcedureName, procedures } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { jsonSize } from './jsonSize.ts';
import { defaultRateLimit, type RateLimit, tokenBucket } from './rateLimit.ts';

export interface DispatcherDeps {
  readonly handlers: Handlers;
  readonly isUnlocked: () => boolean;
  readonly nowMs: () => number;
  /** Told of everything that was not expected, before it becomes `internal`. */
  readonly onDefect: (thrown: unknown) => void;
  readonly rateLimit?: RateLimit;
  readonly maxInputBytes?: number;
}

/** Answers one message of a port; never rejects. One dispatcher per port, because the rate is per port. */
export type Dispatcher = (message: unknown) => Promise<AnswerMessage>;

export const defaultMaxInputBytes = 1024 * 1024;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const mayPass = tokenBucket(deps.rateLimit ?? defaultRateLimit, deps.nowMs);
  const maxInputBytes = deps.maxInputBytes ?? defaultMaxInputBytes;

  const answer = async (message: unknown): Promise<unknown> => {
    if (!mayPass()) throw new TmaError('input.rate-limited');
    const call = readCall(message);
    checkSize(call.input, maxInputBytes);
    const name = procedureName(call.procedure);
    const procedure: Procedure = procedures[name];
    if (!procedure.whenLocked && !deps.isUnlocked()) throw new TmaError('vault.locked');
    const input = procedure.input.safeParse(call.input);
    if (!input.success) throw new TmaError('input.invalid');
    // The schema of this very name produced the input; the type system cannot follow a name known at run time.
    const handler = deps.handlers[name] as (input: unknown) => Promise<unknown>;
    return procedure.output.parse(await handler(input.data));
  };

  return async (message) => {
    const id = readId(message);
    try {
      return { type: 'value', id, value: await answer(message) };
    } catch (thrown) {
      if (!(thrown instanceof TmaError) || thrown.code === 'internal') deps.onDefect(thrown);
      return { type: 'error', id, error: errorShape(thrown) };
    }
  };
}

function readId(message: unknown): number {
  const id = callMessageSchema.shape.id.safeParse((message as { id?: unknown } | null | undefined)?.id);
  return id.success ? id.data : unreadableId;
}

function readCall(message: unknown) {
  const call = callMessageSchema.safeParse(message);
  if (!call.success) throw new TmaError('input.invalid');
  return call.data;
}

function checkSize(input: unknown, maxBytes: number): void {
  const size = jsonSize(input, maxBytes);
  if (size === 'too-large') throw new TmaError('input.too-large', { maxBytes });
  if (size === 'not-json') throw new TmaError('input.invalid');
}

function procedureName(text: string): ProcedureName {
  if (!Object.hasOwn(procedures, text)) throw new TmaError('not-found');
  return text as ProcedureName;
}

function errorShape(thrown: unknown) {
  return thrown instanceof TmaError && thrown.code !== 'internal'
    ? thrown.toShape()
    : { code: 'internal' as const };
}
