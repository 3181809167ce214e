/** What screens may ask about the exchange with the service, and tell it. */
import type { Handlers } from '../../../shared/contract/procedures.ts';
import type { Workspace } from '../session/workspace.ts';
import { syncCases } from './cases.ts';
import type { SyncEngine } from './engine.types.ts';
import { listRefusals, markRead } from './refusals.ts';

type SyncHandlers = Pick<Handlers, Extract<keyof Handlers, `sync.${string}`>>;

export function syncHandlers(
  workspace: Workspace,
  engine: Pick<SyncEngine, 'get' | 'now' | 'hold' | 'tell'>,
): SyncHandlers {
  return {
    'sync.get': () => engine.get(),
    'sync.now': () => engine.now(),
    'sync.hold': ({ offline }) => engine.hold(offline),
    'sync.cases': (input) => workspace.vault.read((tx) => syncCases(tx, input)),
    'sync.refusals': (input) => workspace.vault.read((tx) => listRefusals(tx, workspace, input)),
    async 'sync.readRefusals'({ places }) {
      await workspace.vault.write((tx) => markRead(tx, places, workspace.nowMs()));
      return engine.tell();
    },
  };
}
