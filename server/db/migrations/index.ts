import type { Migration } from '../migrate.ts';
import { tenancy } from './0001-tenancy.ts';
import { enrolment } from './0002-enrolment.ts';
import { access } from './0003-access.ts';
import { log } from './0004-log.ts';
import { audit } from './0005-audit.ts';
import { operation } from './0006-operation.ts';
import { restores } from './0007-restores.ts';
import { witness } from './0008-witness.ts';
import { identity } from './0009-identity.ts';
import { successors } from './0010-successors.ts';
import { destruction } from './0011-destruction.ts';
import { blobs } from './0012-blobs.ts';
import { sealed } from './0013-sealed.ts';
import { marks } from './0014-marks.ts';
import { leases } from './0015-leases.ts';
import { shares } from './0016-shares.ts';
import { sections } from './0017-sections.ts';
import { openings } from './0018-openings.ts';
import { rowsOfRuns } from './0019-rows-of-runs.ts';

/** In order; number n stands at index n - 1. */
export const migrations: readonly Migration[] = [
  tenancy,
  enrolment,
  access,
  log,
  audit,
  operation,
  restores,
  witness,
  identity,
  successors,
  destruction,
  blobs,
  sealed,
  marks,
  leases,
  shares,
  sections,
  openings,
  rowsOfRuns,
];
