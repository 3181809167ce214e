/** The line between one laptop and the service: loses, repeats, cuts and delays as the run says. */
import { z } from 'zod';
import type { ServiceClient } from '../../electron/core/service/client.ts';
import { utf8 } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import { leasesAnswerSchema } from '../../shared/sync/leases.ts';
import {
  compareAnswerSchema,
  helloAnswerSchema,
  packetAnswerSchema,
  pullAnswerSchema,
  pushAnswerSchema,
  streamLineSchema,
  succeedAnswerSchema,
  witnessAnswerSchema,
} from '../../shared/sync/wire.ts';
import { type Call, Crash, type Fault } from './gate.ts';
import type { Caller, Method, SimService } from './service.ts';

export type Trouble =
  | { readonly what: 'request-lost' | 'answer-lost' | 'repeated' | 'busy' }
  | { readonly what: 'service-crash'; readonly fault: Fault }
  /** The answer is under way while the person goes on working and sending. */
  | { readonly what: 'late'; readonly meanwhile: () => Promise<void> }
  | { readonly what: 'held'; readonly at: number; readonly meanwhile: () => Promise<void> };

export interface Line extends ServiceClient {
  /** What happens to the requests from now on, by their number from 1. */
  trouble: ReadonlyMap<number, Trouble>;
  /** Requests since trouble was set. */
  count: number;
  /** This laptop works while another one's request stands still. */
  isImpatient: boolean;
}

export interface LineDeps {
  readonly service: SimService;
  readonly caller: () => Caller;
  readonly knowsWitness: boolean;
  /** Told of what the service threw that is neither in the catalogue nor put in by the run. */
  readonly onDefect: (thrown: unknown) => void;
}

export function openLine({ service, caller, knowsWitness, onDefect }: LineDeps): Line {
  const once = async (method: Method, body: unknown, call: Partial<Call> = {}): Promise<unknown> => {
    try {
      return await service.ask(caller(), method, body, { ...call, isImpatient: line.isImpatient });
    } catch (thrown) {
      if (thrown instanceof TmaError) throw new TmaError(thrown.code, thrown.params);
      if (!(thrown instanceof Crash)) onDefect(thrown);
      throw new TmaError('service.unreachable');
    }
  };
  const send = async (method: Method, body: unknown): Promise<unknown> => {
    line.count += 1;
    const trouble = line.trouble.get(line.count);
    switch (trouble?.what) {
      case undefined:
        return once(method, body);
      case 'request-lost':
        throw new TmaError('service.unreachable');
      case 'busy':
        throw new TmaError('service.busy');
      case 'answer-lost':
        await once(method, body);
        throw new TmaError('service.unreachable');
      case 'repeated':
        await once(method, body);
        return once(method, body);
      case 'service-crash':
        return once(method, body, { fault: trouble.fault });
      case 'late': {
        const answer = await once(method, body);
        await trouble.meanwhile();
        return answer;
      }
      case 'held':
        return once(method, body, { hold: { at: trouble.at, meanwhile: trouble.meanwhile } });
    }
  };
  const line: Line = {
    trouble: new Map(),
    count: 0,
    isImpatient: false,
    hello: async (body) => read(helloAnswerSchema, await send('hello', body)),
    push: async (body) => read(pushAnswerSchema, await send('push', body)),
    pull: async (body) => read(pullAnswerSchema, await send('pull', body)),
    // It may break off: then half of it has come.
    async *stream(body) {
      const number = line.count + 1;
      const isBroken = line.trouble.get(number)?.what === 'answer-lost';
      const lines = read(
        z.array(streamLineSchema),
        await (isBroken ? once('stream', body) : send('stream', body)),
      );
      if (isBroken) line.count = number;
      const come = isBroken ? lines.slice(0, Math.ceil(lines.length / 2)) : lines;
      for (const one of come) yield utf8(JSON.stringify(one));
      if (isBroken) throw new TmaError('service.unreachable');
    },
    succeed: async (body) => read(succeedAnswerSchema, await send('succeed', body)),
    leases: async (body) => read(leasesAnswerSchema, await send('leases', body)),
    compare: async (body) => read(compareAnswerSchema, await send('compare', body)),
    async witness(cases) {
      if (!knowsWitness) throw new TmaError('not-found');
      return read(witnessAnswerSchema, await send('witness', { cases }));
    },
    signIn: () => Promise.reject(new TmaError('auth.provider-missing')),
    depositShare: () => Promise.reject(new TmaError('service.unreachable')),
    handIn: async (body) => packetAnswerSchema.parse(await send('handIn', body)),
    close: () => undefined,
  };
  return line;
}

/** As the product's client does: what does not fit the schema is no answer. */
function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const result = schema.safeParse(answer);
  if (!result.success) throw new TmaError('service.answer-invalid', undefined, result.error);
  return result.data;
}
