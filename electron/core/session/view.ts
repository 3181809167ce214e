/** What is shown of the session, locked or not: from the device settings alone, so it holds no case data. */
import type { SessionView, Settings } from '../../../shared/contract/views.ts';
import { iso } from '../cases/views.ts';
import type { DeviceSettings } from '../device/settings.ts';
import type { CoreConfig, LockReason } from '../process/control.ts';
import { maxAttempts, remainingMs } from '../vault/keys/throttle.ts';
import { vaultState } from '../vault/vault.ts';
import { leaseOverSince, policyOf } from './lease.ts';
import type { CoreParts } from './parts.ts';

interface SessionNow extends Pick<SessionView, 'work' | 'signIn'> {
  readonly unlocked: boolean;
  /** Since when the service's share of the key has to be asked for. */
  readonly shareSinceMs: number | undefined;
}

export function sessionView(
  { profile, deps, clock }: Pick<CoreParts, 'profile' | 'deps' | 'clock'>,
  { unlocked, work, signIn, shareSinceMs }: SessionNow,
): SessionView {
  const { device } = profile;
  const state = vaultState(profile);
  const identity = state === 'ready' ? device.get('identity') : undefined;
  const lockedAtMs = unlocked ? undefined : device.get('lockedAtMs');
  const lastSyncAtMs = device.get('lastSyncAtMs');
  return {
    phase: identity === undefined ? 'new' : unlocked ? 'unlocked' : 'locked',
    user:
      identity === undefined
        ? null
        : { id: identity.userId, name: identity.userName, role: identity.userRole },
    tenant: identity === undefined ? null : { id: identity.tenantId, name: identity.tenantName ?? '' },
    device: identity === undefined ? null : { id: identity.deviceId, label: identity.label },
    lockedSince: lockedAtMs === undefined ? null : iso(lockedAtMs),
    lastSyncAt: lastSyncAtMs === undefined ? null : iso(lastSyncAtMs),
    attemptsLeft: Math.max(0, maxAttempts - device.attempts.read().failed),
    notice: unlocked ? null : noticeOf(deps.config, state),
    retryAt: retryAt(device, clock.nowMs()),
    trouble: unlocked ? null : troubleOf(device, { state, shareSinceMs, nowMs: clock.nowMs() }),
    unsent: unsentOf(device),
    work,
    hasEscrow: device.slots.get('escrow') !== undefined,
    idleLockMinutes: policyOf(device).idleLockMinutes,
    emergency: device.get('emergency') ?? [],
    identity: identity === undefined ? null : providerView(device),
    signIn,
    settings: settingsOf(device),
    program: deps.config.programVersion,
  };
}

const lockNotices: Readonly<Partial<Record<LockReason, SessionView['notice']>>> = {
  idle: 'idle',
  suspend: 'suspended',
  'screen-lock': 'suspended',
  'user-switch': 'suspended',
  policy: 'policy',
};

function noticeOf(
  { startReason, lockReason }: CoreConfig,
  state: ReturnType<typeof vaultState>,
): SessionView['notice'] {
  if (state === 'shredded') return 'wiped';
  if (startReason === 'crashed') return 'crashed';
  return lockReason === null ? null : (lockNotices[lockReason] ?? null);
}

function retryAt(device: DeviceSettings, nowMs: number): SessionView['retryAt'] {
  const waitMs = remainingMs(device.attempts, nowMs);
  return waitMs === 0 ? null : iso(nowMs + waitMs);
}

interface Judged extends Pick<SessionNow, 'shareSinceMs'> {
  readonly state: ReturnType<typeof vaultState>;
  readonly nowMs: number;
}

function troubleOf(device: DeviceSettings, { state, shareSinceMs, nowMs }: Judged): SessionView['trouble'] {
  if (state === 'shredded') {
    return {
      type: 'wiped',
      at: iso(device.get('shreddedAtMs') ?? nowMs),
      because: device.get('shreddedBecause') ?? 'attempts',
      reported: device.get('shredReported') ?? false,
    };
  }
  const damage = device.get('damage');
  if (damage !== undefined) return { type: 'damaged', since: iso(damage.sinceMs), setAside: damage.setAside };
  // Before the lease: that opens for a look at the service, and this does not.
  if (state === 'ready' && shareSinceMs !== undefined)
    return { type: 'share-needed', since: iso(shareSinceMs) };
  const overSinceMs = state === 'ready' ? leaseOverSince(device, nowMs) : undefined;
  return overSinceMs === undefined ? null : { type: 'lease-over', since: iso(overSinceMs) };
}

const hourMs = 3_600_000;

/** S02: how it stands with the sign-in, as far as this laptop knows: the service decides. */
function providerView(device: DeviceSettings): SessionView['identity'] {
  const provider = device.get('identityProvider');
  if (provider === undefined) return null;
  const atMs = device.get('signedInAtMs');
  const hours = provider.signInEveryHours;
  return {
    signedInAt: atMs === undefined ? null : iso(atMs),
    dueAt: atMs === undefined || hours === null ? null : iso(atMs + hours * hourMs),
  };
}

function unsentOf(device: DeviceSettings): SessionView['unsent'] {
  const unsent = device.get('unsent');
  if (unsent === undefined) return null;
  const { count, oldestAtMs, asOfMs } = unsent;
  return { count, oldestAt: oldestAtMs === null ? null : iso(oldestAtMs), asOf: iso(asOfMs) };
}

export function settingsOf(device: DeviceSettings): Settings {
  const theme = device.get('theme') ?? 'system';
  return { language: device.get('language') ?? null, theme: theme === 'contrast' ? 'system' : theme };
}

type SettingsChange = { readonly [N in keyof Settings]?: Settings[N] | undefined };

export function saveSettings(device: DeviceSettings, { language, theme }: SettingsChange): Settings {
  device.transaction(() => {
    if (language === null) device.clear('language');
    else if (language !== undefined) device.set('language', language);
    if (theme !== undefined) device.set('theme', theme);
  });
  return settingsOf(device);
}
