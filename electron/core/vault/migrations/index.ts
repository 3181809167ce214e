/** Every version of the vault's schema, in order. A shipped migration is never changed. */
import type { Migration } from '../migrate.ts';
import { caseFiles } from './0001-case-files.ts';
import { changeLog } from './0002-change-log.ts';
import { search } from './0003-search.ts';
import { peopleAndAudit } from './0004-people-and-audit.ts';
import { drafts } from './0005-drafts.ts';
import { ownChains } from './0006-own-chains.ts';
import { sealed } from './0007-sealed.ts';
import { refusalsRead } from './0008-refusals-read.ts';
import { heldChanges } from './0009-held-changes.ts';
import { searchTitles } from './0010-search-titles.ts';
import { reassessments } from './0011-reassessments.ts';
import { attachments } from './0012-attachments.ts';
import { searchDue } from './0013-search-due.ts';
import { witnessed } from './0014-witnessed.ts';
import { leases } from './0015-leases.ts';
import { sections } from './0016-sections.ts';
import { outboxRefused } from './0017-outbox-refused.ts';

export const migrations: readonly Migration[] = [
  caseFiles,
  changeLog,
  search,
  peopleAndAudit,
  drafts,
  ownChains,
  sealed,
  refusalsRead,
  heldChanges,
  searchTitles,
  reassessments,
  attachments,
  searchDue,
  witnessed,
  leases,
  sections,
  outboxRefused,
];
