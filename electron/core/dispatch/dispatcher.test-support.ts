/** Handlers that answer anything but what they should, for the dispatcher's tests. */
import { type Handlers, type ProcedureName, procedureNames } from '../../../shared/contract/procedures.ts';

/** Every procedure answered by `act`, whatever the contract wants of it. */
export function handlersThat(act: (name: ProcedureName, input: unknown) => Promise<unknown>): Handlers {
  const entries = procedureNames.map((name) => [name, (input: unknown) => act(name, input)]);
  // What `act` answers is deliberately not what the type says: the dispatcher has to notice.
  return Object.fromEntries(entries) as Handlers;
}
