/** The three phases of a laptop: new, locked, unlocked, and what takes it from one to the next. */
import type { Handlers } from '../../../shared/contract/procedures.ts';
import type { SessionView } from '../../../shared/contract/views.ts';
import { TmaError } from '../../../shared/errors.ts';
import { judgePassphrase, type PassphraseStrength } from '../../../shared/passphrase.ts';
import type { VaultTables } from '../storage/tables.ts';
import type { OpenVault } from '../vault/types.ts';
import { openVault } from '../vault/vault.ts';
import { checkCode, enrol, isEnrolled, vaultOptions } from './enrol.ts';
import { type OpenSession, openSession, type SessionProcedure, type VaultHandlers } from './openSession.ts';
import type { CoreParts } from './parts.ts';
import { saveSettings, sessionView } from './view.ts';

export interface Session {
  readonly handlers: Pick<Handlers, SessionProcedure>;
  view(): SessionView;
  isUnlocked(): boolean;
  /** @throws TmaError `vault.locked` */
  open(): VaultHandlers;
  close(): Promise<void>;
}

export function createSession(parts: CoreParts): Session {
  const { deps, profile, clock } = parts;
  let current: OpenSession | undefined;
  let closed = false;
  // One unlock or enrolment at a time; a second one waits and then sees what the first has done.
  let turn: Promise<unknown> = Promise.resolve();

  const view = () => sessionView(parts, current !== undefined);
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  const enter = async (opening: () => Promise<OpenVault<VaultTables>>): Promise<SessionView> => {
    const vault = await opening();
    try {
      if (closed) throw new TmaError('vault.locked');
      current = await openSession(parts, vault, { changed: () => deps.emit('session', view()) });
    } catch (error) {
      await vault.close();
      throw error;
    }
    profile.device.clear('lockedAtMs');
    deps.announceUnlocked();
    deps.emit('session', view());
    return view();
  };

  return {
    handlers: {
      'session.get': async () => view(),
      'session.checkCode': ({ code }) => checkCode(parts, code),
      'session.enrol': (input) => inTurn(() => enter(() => enrol(parts, input))),
      'session.unlock': ({ passphrase }) =>
        inTurn(async () => {
          if (current !== undefined) return view();
          // A vault whose enrolment never finished belongs to nobody yet.
          if (!isEnrolled(parts)) throw missing(view());
          return enter(() => openVault<VaultTables>(vaultOptions(parts, passphrase)));
        }),
      async 'session.lock'() {
        if (current !== undefined) deps.requestLock('user');
        return {};
      },
      'session.checkPassphrase': async ({ passphrase }) => passphraseReport(passphrase),
      async 'settings.set'(input) {
        const settings = saveSettings(profile.device, input);
        deps.emit('settings', settings);
        return settings;
      },
    },
    view,
    isUnlocked: () => current !== undefined,
    open() {
      if (current === undefined) throw new TmaError('vault.locked');
      return current.handlers;
    },
    async close() {
      closed = true;
      const wasOpen = current;
      current = undefined;
      if (wasOpen !== undefined) profile.device.set('lockedAtMs', clock.nowMs());
      await wasOpen?.close();
      profile.close();
    },
  };
}

function missing(view: SessionView): TmaError {
  return new TmaError(view.notice === 'wiped' ? 'vault.shredded' : 'vault.missing');
}

const strengths: Readonly<Record<PassphraseStrength, number>> = {
  short: 0,
  long: 0,
  common: 1,
  fair: 2,
  good: 3,
  strong: 4,
};

function passphraseReport(passphrase: string) {
  const { problem, strength } = judgePassphrase(passphrase);
  return { acceptable: problem === undefined, problem: problem ?? null, strength: strengths[strength] };
}
