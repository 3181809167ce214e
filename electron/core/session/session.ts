/** The three phases of a laptop: new, locked, unlocked, and what takes it from one to the next. */
import type { Handlers } from '../../../shared/contract/procedures.ts';
import type { SessionView } from '../../../shared/contract/views.ts';
import { TmaError } from '../../../shared/errors.ts';
import { newId } from '../../../shared/ids.ts';
import { judgePassphrase, type PassphraseStrength } from '../../../shared/passphrase.ts';
import { createTransfers } from '../files/transfers.ts';
import type { VaultTables } from '../storage/tables.ts';
import { applyShare } from '../vault/reshare.ts';
import type { OpenVault } from '../vault/types.ts';
import { shred } from '../vault/unlock.ts';
import { openVault } from '../vault/vault.ts';
import { backUp, chooseBackupPlace, restore } from './backUp.ts';
import { forgetDamage, noteDamage } from './damage.ts';
import { checkCode, enrol, isEnrolled, vaultOptions } from './enrol.ts';
import { createIdleWatch } from './idle.ts';
import { leaseOverSince, policyOf, watchLease } from './lease.ts';
import { provePassphrase, recover, renewKey, renewPassphrase } from './maintain.ts';
import { type OpenSession, openSession, type SessionProcedure, type VaultHandlers } from './openSession.ts';
import type { CoreParts } from './parts.ts';
import { salvage } from './salvage.ts';
import { createSettling } from './settling.ts';
import { createShareKeeper, slotHoldsShare, watchShare } from './share.ts';
import { createSignInDesk } from './signIn.ts';
import { saveSettings, sessionView } from './view.ts';
import { createWipeReporter } from './wipeReport.ts';

export interface Session {
  readonly handlers: Pick<Handlers, SessionProcedure>;
  view(): SessionView;
  isUnlocked(): boolean;
  /** @throws TmaError `vault.locked` */
  open(): VaultHandlers;
  close(): Promise<void>;
}

const minuteMs = 60_000;
/** A laptop whose keys are destroyed tries so long to say so before it locks; after that it goes on locked. */
const lastWordsMs = 5_000;

export function createSession(given: CoreParts): Session {
  const share = createShareKeeper(given);
  const parts = { ...given, share };
  const { deps, profile, clock } = parts;
  const transfers = createTransfers({ newId: () => newId(parts.ids), after: clock.after });
  let current: OpenSession | undefined;
  let work: SessionView['work'] = null;
  let closed = false;
  /** The open vault, while cases are removed from it. */
  let suspended: OpenSession | undefined;
  let stopLeaseWatch: () => void = () => undefined;
  // One unlock or enrolment at a time; a second one waits and then sees what the first has done.
  let turn: Promise<unknown> = Promise.resolve();
  const idle = createIdleWatch({
    clock,
    limitMs: () => policyOf(profile.device).idleLockMinutes * minuteMs,
    onIdle: () => deps.requestLock('idle'),
  });

  const desk = createSignInDesk(parts, () => tell());
  const view = () =>
    sessionView(parts, {
      ...{ unlocked: current !== undefined || work !== null, work, signIn: desk.progress() },
      shareSinceMs: share.neededSinceMs(),
    });
  const tell = () => deps.emit('session', view());
  const reporter = createWipeReporter(parts, tell);
  void reporter.tell(0);
  const policyChanged = () => {
    idle.policyChanged();
    tell();
  };
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = turn.then(run);
    turn = result.catch(() => undefined);
    return result;
  };
  /** Crypto-shred on the service's word; the process ends with the open vault. */
  const wipe = async (session: OpenSession | undefined): Promise<boolean> => {
    // A vault that was closed meanwhile keeps what it has; its number is known.
    const isHandedIn = await session?.leave().catch(() => true);
    if (isHandedIn === false) return false;
    await shred({ profile, secrets: deps.secrets, clock }, 'remote', await session?.receipt('remote'));
    await reporter.tell(lastWordsMs);
    deps.requestLock('policy');
    return true;
  };
  const settling = createSettling({
    ...{ profile, clock, inTurn },
    current: () => current,
    suspend(open) {
      current = undefined;
      suspended = open;
      work = 'expiring';
      tell();
      return () => {
        suspended = undefined;
        if (!closed) current = open;
        work = null;
        tell();
      };
    },
    requestLock: () => deps.requestLock('policy'),
  });
  const opened = async (vault: OpenVault<VaultTables>): Promise<OpenSession> => {
    let isWiping = false;
    let session: OpenSession | undefined;
    const revoked = (): void => {
      if (isWiping) return;
      isWiping = true;
      const done = inTurn(() => wipe(session));
      // Not handed in: heard again with the next try of the engine.
      void done.then((isDone) => {
        isWiping = isDone;
      });
    };
    try {
      if (closed) throw new TmaError('vault.locked');
      session = await openSession({ ...parts, transfers }, vault, { changed: policyChanged, revoked });
      // A sign-in that was made for the share is one for the exchange as well, where that takes it.
      const signedIn = share.takeSignedIn();
      if (signedIn !== undefined)
        await session.takeSignIn(signedIn.identity, signedIn.fresh).catch(() => undefined);
      const isHeld = async (open: OpenSession) =>
        leaseOverSince(profile.device, clock.nowMs()) === undefined && (await open.over()).length === 0;
      if (await isHeld(session)) return session;
      await session.contact();
      const isOver = leaseOverSince(profile.device, clock.nowMs()) !== undefined;
      if (isOver || !(await settling.letGo(session))) {
        await session.close();
        throw new TmaError('vault.lease-over');
      }
      return session;
    } catch (error) {
      await vault.close();
      throw error;
    }
  };
  const beginWatch = (): void => {
    idle.touch();
    stopLeaseWatch = watchLease({
      device: profile.device,
      clock,
      onOver: () => deps.requestLock('policy'),
      onTick: settling.look,
    });
  };
  const endWatch = (): void => {
    idle.stop();
    stopLeaseWatch();
  };
  const enter = async (opening: () => Promise<OpenVault<VaultTables>>): Promise<SessionView> => {
    current = await opened(await noteDamage(parts, async () => forgetDamage(parts, await opening())));
    share.opened();
    profile.device.clear('lockedAtMs');
    deps.announceUnlocked();
    beginWatch();
    tell();
    return view();
  };
  /** The service's share may be refused to a laptop that was taken back: the closed vault is then destroyed at once. */
  const unlessTakenBack = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      const isTakenBack = error instanceof TmaError && error.code === 'auth.device-revoked';
      throw isTakenBack ? await shred({ profile, secrets: deps.secrets, clock }, 'remote') : error;
    }
  };
  /** An attempt that used the last one up while the vault was open leaves nothing to be open for. */
  const guessing = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      if (error instanceof TmaError && error.code === 'vault.shredded') {
        const receipt = await current?.receipt('attempts');
        if (receipt !== undefined) profile.device.set('wipeReceipt', receipt);
        await reporter.tell(lastWordsMs);
        deps.requestLock('policy');
      }
      throw error;
    }
  };
  /** Closes the vault for some work on it and opens it again, whatever came of the work. */
  const whileClosed = <T>(
    passphrase: string,
    what: NonNullable<SessionView['work']>,
    run: () => Promise<T>,
  ) =>
    inTurn(async () => {
      const open = current;
      if (open === undefined) throw new TmaError('vault.locked');
      await guessing(() => provePassphrase(parts, passphrase));
      endWatch();
      current = undefined;
      work = what;
      tell();
      try {
        await open.close();
        let result: T;
        try {
          result = await run();
        } finally {
          if (!closed) current = await opened(await openVault<VaultTables>(vaultOptions(parts, passphrase)));
        }
        return { open: current, result };
      } finally {
        work = null;
        if (current !== undefined) beginWatch();
        tell();
      }
    });

  const stopShareWatch = watchShare({ share, clock, changed: tell });

  return {
    handlers: {
      ...transfers.handlers,
      'session.get': async () => view(),
      'session.checkCode': async ({ code }) => desk.invited(await checkCode(parts, code)),
      'session.offer': async () => ({ offer: isEnrolled(parts) ? null : await desk.offer() }),
      async 'session.signIn'() {
        if (!isEnrolled(parts)) return { invitation: await desk.signInNew() };
        const tenant = profile.device.get('identity')?.tenantId;
        // Closed, it can only be for the service's share.
        const owner = current ?? (slotHoldsShare(profile.device) ? share : undefined);
        if (owner === undefined || tenant === undefined) throw new TmaError('vault.locked');
        await desk.signInOwner(tenant, owner);
        return { invitation: null };
      },
      async 'session.cancelSignIn'() {
        desk.cancel();
        return {};
      },
      async 'session.signOut'() {
        if (current === undefined) throw new TmaError('vault.locked');
        await current.signOut();
        return view();
      },
      'session.enrol': (input) =>
        inTurn(async () => {
          await enter(() => enrol(parts, input, desk.pending()));
          // Where the organisation asks for a share, and it cannot be had now, the next unlock sees to it.
          if (policyOf(profile.device).serverShare === true) {
            await current?.settleShare().catch(() => undefined);
            await applyShare(vaultOptions(parts, input.passphrase)).catch(() => undefined);
            share.opened();
          }
          return view();
        }),
      'session.unlock': ({ passphrase }) =>
        inTurn(async () => {
          if (current !== undefined) return view();
          // A vault whose enrolment never finished belongs to nobody yet.
          if (!isEnrolled(parts)) throw missing(view());
          try {
            return await unlessTakenBack(() =>
              enter(() => openVault<VaultTables>(vaultOptions(parts, passphrase))),
            );
          } finally {
            // Attempts, the wait after them, damage: what the screen says of the laptop has changed.
            if (current === undefined) tell();
          }
        }),
      async 'session.lock'() {
        if (current !== undefined) deps.requestLock('user');
        return {};
      },
      async 'session.activity'() {
        if (current !== undefined) idle.touch();
        return {};
      },
      'session.checkPassphrase': async ({ passphrase }) => passphraseReport(passphrase),
      'vault.changePassphrase': (input) =>
        inTurn(async () => {
          if (current === undefined) throw new TmaError('vault.locked');
          await guessing(() => renewPassphrase(parts, input));
          await current.audit({ action: 'vault.passphrase-changed' });
          return {};
        }),
      async 'vault.rotateKey'({ passphrase }) {
        const { open } = await whileClosed(passphrase, 'rotating', () => renewKey(parts, passphrase));
        await open?.audit({ action: 'vault.key-rotated' });
        return view();
      },
      async 'vault.backUp'({ passphrase }) {
        if (current === undefined) throw new TmaError('vault.locked');
        await inTurn(() => guessing(() => provePassphrase(parts, passphrase)));
        const place = await chooseBackupPlace(parts);
        if (place === null) return { saved: null };
        const { open, result } = await whileClosed(passphrase, 'backing-up', () =>
          backUp(parts, { passphrase, place }),
        );
        await open?.audit({ action: 'vault.backed-up', detail: result });
        return { saved: result };
      },
      'vault.restore': ({ transfer, opener }) =>
        inTurn(async () => {
          const file = transfers.take(transfer);
          try {
            if (current !== undefined) throw new TmaError('vault.in-use');
            return await enter(() => restore(parts, file, opener));
          } finally {
            file.drop();
          }
        }),
      'vault.recover': (input) =>
        inTurn(async () => {
          if (current !== undefined) throw new TmaError('vault.in-use');
          if (!isEnrolled(parts)) throw missing(view());
          await recover(parts, input);
          const options = vaultOptions(parts, input.newPassphrase);
          return enter(() => openVault<VaultTables>(options));
        }),
      'vault.salvage': ({ passphrase }) =>
        inTurn(async () => {
          if (current !== undefined) throw new TmaError('vault.in-use');
          if (!isEnrolled(parts)) throw missing(view());
          try {
            return await unlessTakenBack(() => salvage(parts, passphrase));
          } finally {
            tell();
          }
        }),
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
      reporter.stop();
      desk.cancel();
      endWatch();
      const wasOpen = current ?? suspended;
      current = undefined;
      if (wasOpen !== undefined) profile.device.set('lockedAtMs', clock.nowMs());
      await wasOpen?.close();
      share.close();
      stopShareWatch();
      profile.close();
    },
  };
}

function missing(view: SessionView): TmaError {
  return new TmaError(view.trouble?.type === 'wiped' ? 'vault.shredded' : 'vault.missing');
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
