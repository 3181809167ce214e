/** A case process with a core that does as it is told by its input, for tests of everything around the core. */

import type { Handlers } from '../../../shared/contract/procedures.ts';
import type { SessionView } from '../../../shared/contract/views.ts';
import { TmaError } from '../../../shared/errors.ts';
import { openPlace } from '../files/place.ts';
import { runCaseProcess } from './caseProcess.ts';
import type { Core, CoreDeps } from './coreDeps.ts';
import { hostChannel } from './hostChannel.ts';

const refuse = async (): Promise<never> => {
  throw new TmaError('access.denied');
};

async function createTestCore(deps: CoreDeps): Promise<Core> {
  if (deps.config.programVersion === 'fails') throw new TmaError('vault.newer-schema');
  if (deps.config.programVersion === 'crashes') process.kill(process.pid, 'SIGKILL');
  let unlocked = false;
  const session = (): SessionView => ({
    phase: unlocked ? 'unlocked' : 'locked',
    user: null,
    tenant: null,
    device: null,
    lockedSince: null,
    lastSyncAt: null,
    attemptsLeft: 10,
    notice: notice(deps),
    retryAt: null,
    trouble: null,
    unsent: null,
    work: null,
    hasEscrow: false,
    idleLockMinutes: 5,
    emergency: [],
    identity: null,
    signIn: null,
    settings: { language: null, theme: 'system' },
    program: deps.config.programVersion,
  });
  const handlers: Handlers = {
    ...allRefused,
    'session.get': async () => session(),
    'session.unlock': async ({ passphrase }) => {
      if (passphrase === 'remember') await deps.secrets.set('test', new Uint8Array([1, 2, 3]));
      if (passphrase === 'forget') await deps.secrets.delete('test');
      if (passphrase === 'recall') {
        const kept = await deps.secrets.get('test');
        if (kept === null || kept.join() !== '1,2,3') throw new TmaError('vault.secret-missing');
      }
      unlocked = true;
      deps.announceUnlocked();
      deps.emit('session', session());
      return session();
    },
    'session.signIn': async () => {
      const outcome = await deps.openInBrowser('https://login.example.org/authorize?state=1');
      if (outcome === 'refused') throw new TmaError('auth.browser-refused', { host: 'login.example.org' });
      return { invitation: null };
    },
    'session.lock': async () => {
      deps.requestLock('user');
      return {};
    },
    'clipboard.copy': async ({ text }) => {
      deps.copyText(text);
      return {};
    },
    'vault.backUp': async ({ passphrase }) => {
      const place = await deps.choosePlace({ name: 'backup.tma', sizeBytes: null });
      if (place === null) return { saved: null };
      const sink = await openPlace(place);
      await sink.write(Buffer.from('all of '));
      await sink.write(Buffer.from('it'));
      if (passphrase === 'breaks off') await sink.discard();
      else await sink.finish();
      return { saved: { sizeBytes: 9, files: 1 } };
    },
    'search.query': async ({ text }) => {
      if (text === 'news') deps.emit('cases', { caseIds: [], origin: 'elsewhere' });
      if (text === 'idle' || text === 'policy') deps.requestLock(text);
      if (text === 'crash') process.kill(process.pid, 'SIGKILL');
      if (text === 'throw') setImmediate(() => JSON.parse('a canary in an error message'));
      if (text === 'hang') await new Promise(() => {});
      return { hits: [], filling: null };
    },
  };
  return {
    handlers,
    isUnlocked: () => unlocked,
    sessionEvent: session,
    // A vault that hangs while it is being closed must not keep the laptop unlocked.
    close: async () => (deps.config.programVersion === 'hangs' ? new Promise<void>(() => {}) : undefined),
  };
}

function notice(deps: CoreDeps): SessionView['notice'] {
  if (deps.config.startReason === 'crashed') return 'crashed';
  return deps.config.lockReason === 'suspend' ? 'suspended' : null;
}

const allRefused: Handlers = new Proxy({} as Handlers, { get: () => refuse, ownKeys: () => [] });

const channel = hostChannel();
if (channel !== null) {
  const failed = runCaseProcess({
    channel,
    createCore: createTestCore,
    nowMs: () => performance.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    exit: (code) => process.exit(code),
  });
  process.on('uncaughtException', failed);
}
