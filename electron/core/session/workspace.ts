/** What the features of the core work with while the vault is open. */

import type { Kysely } from 'kysely';
import type { CaseId } from '../../../shared/ids.ts';
import type { InstrumentCatalogue } from '../../../shared/instruments/catalogue.ts';
import type { AuditEntry } from '../audit/auditLog.ts';
import type { Calendar } from '../day/calendar.ts';
import type { Owner } from '../storage/meta.ts';
import type { Author } from '../storage/ownChanges.ts';
import type { VaultTables } from '../storage/tables.ts';
import type { OpenVault } from '../vault/types.ts';

export type Db = Kysely<VaultTables>;

export interface Workspace {
  readonly vault: OpenVault<VaultTables>;
  readonly owner: Owner;
  readonly author: Author;
  readonly calendar: Calendar;
  readonly instruments: InstrumentCatalogue;
  nowMs(): number;
  /** Part of the transaction of what it tells. */
  audit(tx: Db, entry: AuditEntry): Promise<void>;
  /** After a commit that is nothing to send: tells the screens. */
  changed(caseId: CaseId): void;
  /** After a commit: tells the screens and the sync engine. */
  edited(caseId: CaseId): void;
}
