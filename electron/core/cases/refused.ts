/** Changes that the service keeps and does not count, as far as they can be told. */
import { TmaError } from '../../../shared/errors.ts';
import type { UserId } from '../../../shared/ids.ts';
import { type ChangeFields, readFields } from '../../../shared/sync/change.ts';

interface RefusedBy {
  readonly user: UserId | null;
  /** Of the case. */
  readonly lead: UserId | null;
}

/** Whether a person may read what a refused change says: its author and the lead of the case may. */
export function mayReadRefused({ user, lead }: RefusedBy, me: UserId): boolean {
  return user === me || lead === me;
}

/** What a change says. A refused one may be one that cannot be read, or that came sealed: then it says nothing here. */
export function fieldsOf({
  payload,
  status,
}: {
  readonly payload: string;
  readonly status: string;
}): ChangeFields {
  try {
    return readFields(payload);
  } catch (error) {
    if (status === 'quarantined' && error instanceof TmaError) return {};
    throw error;
  }
}
