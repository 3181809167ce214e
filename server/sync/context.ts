import type { ErrorCode } from '../../shared/errors.ts';
import type { Gather } from '../../shared/gather.ts';
import type { DeviceId, TenantId } from '../../shared/ids.ts';
import type { Signer, SyncCrypto } from '../../shared/sync/crypto.ts';
import type { Db } from '../db/connect.ts';
import type { CaseKeys } from '../keys/caseKeys.ts';
import type { Deliveries } from '../leases/deliveries.ts';
import type { Author } from './admission.ts';
import type { Notifier } from './notifier.ts';

/** What the work on logs needs from its host. */
export interface SyncContext {
  readonly db: Db;
  readonly caseKeys: CaseKeys;
  readonly crypto: SyncCrypto;
  /** Signs the heads of logs. */
  readonly signer: Signer;
  readonly epoch: string;
  readonly notifier: Notifier;
  /** Writes down what is handed out; left out where nobody asks for that, as in a simulation. */
  readonly deliveries?: Deliveries;
  /** Something stored is not as it was stored. Whoever runs the service has to know; the request goes on. */
  readonly report: (failure: unknown) => void;
  /** How the cases of a push are taken in. */
  readonly gather: Gather;
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
}

/** Whose changes are handed in, as the proof of the request has shown. */
export interface Submitter extends Author {
  readonly tenant: TenantId;
  readonly device: DeviceId;
  readonly deviceKey: Uint8Array;
  /** Why nothing that the device wrote may count any more, where others hand it in. */
  readonly barred?: ErrorCode;
}
