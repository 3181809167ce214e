/** Puts session and features together into one handler per procedure. */
import { type Handlers, type ProcedureName, procedureNames } from '../../../shared/contract/procedures.ts';
import type { Core } from '../process/coreDeps.ts';
import { noteDamage } from './damage.ts';
import type { VaultHandlers } from './openSession.ts';
import type { CoreParts } from './parts.ts';
import { createSession, type Session } from './session.ts';

export function assembleCore(parts: CoreParts): Core {
  const session = createSession(parts);
  return {
    handlers: handlersOf(parts, session),
    isUnlocked: session.isUnlocked,
    sessionEvent: session.view,
    close: session.close,
  };
}

/** Procedures that need the vault find it, or its absence, at each call. */
function handlersOf(parts: CoreParts, session: Session): Handlers {
  const always = session.handlers;
  const forward = (name: keyof VaultHandlers) => async (input: never) => {
    const handler = session.open()[name] as (input: never) => Promise<unknown>;
    return noteDamage(parts, () => handler(input));
  };
  const isAlways = (name: ProcedureName): name is keyof typeof always => Object.hasOwn(always, name);
  const names = procedureNames.filter((name): name is keyof VaultHandlers => !isAlways(name));
  // Every name of the contract is either in `always` or forwarded to the handler of that very name.
  return { ...always, ...Object.fromEntries(names.map((name) => [name, forward(name)])) } as Handlers;
}
