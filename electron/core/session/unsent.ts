/**
 * How much was not sent, kept outside the vault: should the vault not open again, this is what a person is told is
 * missing in the central service. Counts and ages only, no case data.
 */
import type { SyncView } from '../../../shared/contract/syncViews.ts';
import type { DeviceSettings, Setting } from '../device/settings.ts';

type Unsent = Setting<'unsent'>;

/** Edits come in bursts; what is kept may be this old while the program runs. */
const gatherMs = 2_000;

export interface UnsentNote {
  take(view: Pick<SyncView, 'unsent' | 'oldestUnsentAt'>): void;
  /** Writes what still waits. */
  close(): void;
}

interface UnsentDeps {
  readonly device: DeviceSettings;
  readonly clock: { nowMs(): number; after(delayMs: number, run: () => void): () => void };
}

export function noteUnsent({ device, clock }: UnsentDeps): UnsentNote {
  let kept: Unsent | undefined = device.get('unsent');
  let waiting: Unsent | null = null;
  let cancel: (() => void) | null = null;

  const write = (): void => {
    cancel?.();
    cancel = null;
    if (waiting === null) return;
    kept = waiting;
    waiting = null;
    device.set('unsent', kept);
  };
  return {
    take({ unsent, oldestUnsentAt }) {
      const oldestAtMs = oldestUnsentAt === null ? null : Date.parse(oldestUnsentAt);
      waiting = { count: unsent, oldestAtMs, asOfMs: clock.nowMs() };
      // From nothing to something at once: that is the news that must not be lost in a crash.
      if ((kept?.count ?? 0) === 0 && unsent > 0) write();
      else if (kept?.count !== unsent) cancel ??= clock.after(gatherMs, write);
    },
    close: write,
  };
}
