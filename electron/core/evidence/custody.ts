import type { CustodyEvent } from '../../../shared/domain/kinds/evidence.ts';
import { newId, type RecordId } from '../../../shared/ids.ts';
import { iso } from '../cases/views.ts';
import { newFields } from '../intake/drafts.ts';
import type { Workspace } from '../session/workspace.ts';
import type { ChangeDraft } from '../storage/ownChanges.ts';

interface Link {
  readonly evidence: RecordId;
  readonly event: CustodyEvent;
  readonly reason: string | null;
}

/** The next link of a chain of custody: a record that is written once. */
export function custodyDraft(
  { author, owner, nowMs }: Pick<Workspace, 'author' | 'owner' | 'nowMs'>,
  { evidence, event, reason }: Link,
): ChangeDraft {
  const values = { evidence, event, at: iso(nowMs()), by: owner.userId, reason: reason ?? undefined };
  const record = newId<RecordId>(author.ids);
  return { record, kind: 'custody', op: 'create', fields: newFields('custody', values) };
}
