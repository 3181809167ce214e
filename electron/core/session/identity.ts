/** The organisation's identity provider in the life of an open vault: its tokens, and taking a sign-in over (S02). */
import type { IdentityProvider } from '../../../shared/sync/identity.ts';
import type { DeviceSettings } from '../device/settings.ts';
import { createTokens, type TokenKeeper } from '../identity/tokens.ts';
import { forgetMeta, readMeta, writeMeta } from '../storage/meta.ts';
import type { VaultTables } from '../storage/tables.ts';
import type { SyncEngine } from '../sync/engine.types.ts';
import type { OpenVault } from '../vault/types.ts';
import type { CoreParts } from './parts.ts';
import { providerOptions, type TakesSignIn } from './signIn.ts';

/** Keeps what the service said of the provider; whether that was news. */
export function noteProvider(device: DeviceSettings, identity: IdentityProvider | undefined): boolean {
  const known = device.get('identityProvider');
  if (JSON.stringify(known) === JSON.stringify(identity)) return false;
  if (identity === undefined) device.clear('identityProvider');
  else device.set('identityProvider', identity);
  return true;
}

/** The tokens of the person whose vault this is. */
export function vaultTokens(parts: CoreParts, vault: OpenVault<VaultTables>): TokenKeeper {
  return createTokens({
    provider: () => parts.profile.device.get('identityProvider'),
    options: () => providerOptions(parts),
    read: () => readMeta(vault.db, 'signIn'),
    write: (kept) =>
      vault.write((tx) => (kept === undefined ? forgetMeta(tx, 'signIn') : writeMeta(tx, 'signIn', kept))),
    nowMs: parts.clock.nowMs,
  });
}

export interface SignsInAndOut extends TakesSignIn {
  signOut(): Promise<void>;
}

interface Signing {
  readonly engine: SyncEngine;
  readonly tokens: TokenKeeper;
  readonly changed: () => void;
}

export function signingIn(
  { profile }: Pick<CoreParts, 'profile'>,
  { engine, tokens, changed }: Signing,
): SignsInAndOut {
  const { device } = profile;
  return {
    async takeSignIn(identity, fresh) {
      // The service knows whose laptop this is; what a stranger's sign-in brought is not kept.
      const { signedInAtMs } = await engine.handInSignIn(fresh.shown);
      await tokens.adopt(identity, fresh.tokens);
      noteProvider(device, identity);
      device.set('signedInAtMs', signedInAtMs);
      changed();
      await engine.now();
    },
    async signOut() {
      await tokens.signOut();
      device.clear('signedInAtMs');
      changed();
      await engine.now();
    },
  };
}
