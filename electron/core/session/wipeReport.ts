/**
 * Tells the service that this laptop's keys are destroyed, with what was signed before they went. It is tried at once
 * and at every start until the service has it; nothing of the vault is needed for that, or left to be needed.
 */
import { errorCatalogue, TmaError } from '../../../shared/errors.ts';
import { dropNotices } from '../device/notices.ts';
import { nextDelayMs } from '../sync/backOff.ts';
import type { CoreParts } from './parts.ts';

export interface WipeReporter {
  /** Tries, for no longer than `limitMs`; what is not told goes on being tried. */
  tell(limitMs: number): Promise<void>;
  stop(): void;
}

export function createWipeReporter(
  { profile, enrolment, clock, random }: Pick<CoreParts, 'profile' | 'enrolment' | 'clock' | 'random'>,
  onTold: () => void,
): WipeReporter {
  const { device } = profile;
  let isStopped = false;
  let failures = 0;
  let cancel: () => void = () => undefined;
  let underWay: Promise<void> | null = null;

  const settle = (isTold: boolean): void => {
    device.transaction(() => {
      device.clear('wipeReceipt');
      if (!isTold) return;
      device.set('shredReported', true);
      // The same, without a signature, for a later enrolment: not needed any more.
      dropNotices(
        device,
        (device.get('notices') ?? []).filter(({ type }) => type === 'vault.wiped'),
      );
    });
    onTold();
  };

  const attempt = async (): Promise<void> => {
    const receipt = device.get('wipeReceipt');
    if (receipt === undefined) return;
    try {
      await enrolment.wiped(receipt);
      if (!isStopped) settle(true);
    } catch (thrown) {
      if (isStopped) return;
      const error = thrown instanceof TmaError ? thrown : new TmaError('internal', undefined, thrown);
      // A service that does not know this device, or no longer: a later start would be told the same.
      if (!errorCatalogue[error.code].retryable && error.code !== 'internal') return settle(false);
      failures += 1;
      cancel = clock.after(nextDelayMs(error, failures, random), () => void begin());
    }
  };

  const begin = (): Promise<void> => {
    cancel();
    underWay ??= attempt().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  return {
    async tell(limitMs) {
      let cancelLimit: () => void = () => undefined;
      const limit = new Promise<void>((resolve) => {
        cancelLimit = clock.after(limitMs, resolve);
      });
      await Promise.race([begin(), limit]);
      cancelLimit();
    },
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
