/**
 * The workstation without a window: vault, cases, assessment, sync. Built in its locked state in a process of
 * its own; locking ends that process. This file is the composition root: the only place where the clock, the
 * network and the file system of the real world are chosen.
 */
import { nodeCrypto, systemIds } from '../../platform/crypto.ts';
import { shippedCatalogue } from './catalogue/catalogue.ts';
import { localCalendar } from './day/calendar.ts';
import { openProfile } from './device/profile.ts';
import type { CreateCore } from './process/coreDeps.ts';
import { createEnrolmentService } from './service/enrolment.ts';
import { createUnlockService } from './service/unlocking.ts';
import { assembleCore } from './session/assemble.ts';
import { createSyncEngine } from './sync/engine.ts';
import { readerThread } from './sync/readerThread.ts';
import { chooseDriver } from './vault/drivers/choose.ts';
import type { VaultClock } from './vault/types.ts';

const systemClock: VaultClock = {
  nowMs: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * @throws TmaError `vault.in-use` when another program holds the profile, `vault.newer-schema`,
 *   `vault.read-only`, `vault.disk-full`, `vault.damaged`.
 */
export const createCore: CreateCore = async (deps) => {
  const { driver } = chooseDriver(deps.config.driver);
  return assembleCore({
    deps,
    driver,
    profile: openProfile(deps.config.profileDir),
    clock: systemClock,
    ids: systemIds,
    crypto: nodeCrypto,
    random: Math.random,
    calendar: localCalendar,
    catalogue: shippedCatalogue(),
    enrolment: createEnrolmentService(deps.config.service),
    unlocking: createUnlockService(deps.config.service),
    createEngine: (engine) => createSyncEngine({ ...engine, startReader: readerThread(nodeCrypto) }),
  });
};
