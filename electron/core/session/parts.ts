/** What the core is assembled from: everything that touches the world outside, so that tests can hand in theirs. */
import type { IdSource } from '../../../shared/ids.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Calendar } from '../day/calendar.ts';
import type { Profile } from '../device/profile.ts';
import type { CoreDeps } from '../process/coreDeps.ts';
import type { CreateSyncEngine, EnrolmentService, UnlockService } from '../sync/engine.types.ts';
import type { VaultDriver } from '../vault/driver.ts';
import type { VaultClock } from '../vault/types.ts';
import type { ShareKeeper } from './share.ts';

export interface CoreParts {
  readonly deps: CoreDeps;
  readonly profile: Profile;
  readonly driver: VaultDriver;
  readonly clock: VaultClock;
  readonly ids: IdSource;
  readonly crypto: SyncCrypto;
  readonly random: () => number;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly enrolment: EnrolmentService;
  readonly unlocking: UnlockService;
  readonly createEngine: CreateSyncEngine;
}

/** With what the vault needs to be opened. */
export interface VaultParts extends CoreParts {
  readonly share: ShareKeeper;
}

/** How this program names itself to the service. */
export function programName({ deps }: Pick<CoreParts, 'deps'>): string {
  return `workstation ${deps.config.programVersion}`.slice(0, 40);
}
