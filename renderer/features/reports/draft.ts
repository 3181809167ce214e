/**
 * A report being written. It is kept in the vault as it is typed, so that looking something up, the lock or a
 * crash lose nothing.
 */

import { z } from 'zod';
import { create } from 'zustand';
import type { ReportInput } from '../../../shared/contract/procedures.ts';
import { warningBehaviourSchema } from '../../../shared/domain/behaviours.ts';
import { reportChannelSchema } from '../../../shared/domain/kinds/report.ts';
import { client } from '../../app/client.ts';
import { orNull } from '../../state/record.ts';

const draftSchema = z.object({
  channel: reportChannelSchema,
  receivedAt: z.string().nullable(),
  anonymous: z.boolean(),
  reporterName: z.string(),
  reporterContact: z.string(),
  who: z.string(),
  whoIsAtRisk: z.string(),
  what: z.string(),
  where: z.string(),
  when: z.string(),
  behaviours: z.array(warningBehaviourSchema).readonly(),
  emergency: z.boolean(),
});
export type ReportDraft = Readonly<z.infer<typeof draftSchema>>;

const emptyDraft: ReportDraft = {
  channel: 'phone',
  receivedAt: null,
  anonymous: false,
  reporterName: '',
  reporterContact: '',
  who: '',
  whoIsAtRisk: '',
  what: '',
  where: '',
  when: '',
  behaviours: [],
  emergency: false,
};

const draftName = 'report';
/** Pause in typing after which the draft is kept. */
const pauseMs = 300;

interface DraftStore {
  /** Null until the vault has been asked. */
  readonly draft: ReportDraft | null;
}

export const useReportDraft = create<DraftStore>(() => ({ draft: null }));

let timer: ReturnType<typeof setTimeout> | undefined;

function keep(): void {
  clearTimeout(timer);
  const { draft } = useReportDraft.getState();
  if (draft === null) return;
  const value = isDraftEmpty(draft) ? null : { ...draft, behaviours: [...draft.behaviours] };
  client.call('drafts.put', { name: draftName, value }).catch(() => {
    // Locked or restarting: the next key typed keeps it again.
  });
}

/** Shows what was begun; the returned function keeps it and takes it off the screen. */
export function openDraft(): () => void {
  client.call('drafts.get', { name: draftName }).then(
    ({ value }) =>
      useReportDraft.setState({ draft: { ...emptyDraft, ...draftSchema.safeParse(value).data } }),
    () => useReportDraft.setState({ draft: emptyDraft }),
  );
  return () => {
    keep();
    useReportDraft.setState({ draft: null });
  };
}

export function changeDraft(part: Partial<ReportDraft>): void {
  useReportDraft.setState(({ draft }) => ({ draft: { ...(draft ?? emptyDraft), ...part } }));
  clearTimeout(timer);
  timer = setTimeout(keep, pauseMs);
}

export function clearDraft(): void {
  useReportDraft.setState({ draft: emptyDraft });
  keep();
}

export function isDraftEmpty(draft: ReportDraft): boolean {
  const texts = [draft.who, draft.whoIsAtRisk, draft.what, draft.where, draft.when, draft.reporterName];
  return texts.every((text) => text.trim() === '') && draft.behaviours.length === 0 && !draft.emergency;
}

/** The draft as the contract takes it; an anonymous report carries no name. */
export function toReport(draft: ReportDraft, nowMs: number): ReportInput {
  return {
    channel: draft.channel,
    receivedAt: draft.receivedAt ?? new Date(nowMs).toISOString(),
    anonymous: draft.anonymous,
    reporterName: draft.anonymous ? null : orNull(draft.reporterName),
    reporterContact: draft.anonymous ? null : orNull(draft.reporterContact),
    who: draft.who.trim(),
    whoIsAtRisk: orNull(draft.whoIsAtRisk),
    what: draft.what.trim(),
    where: orNull(draft.where),
    when: orNull(draft.when),
    behaviours: [...draft.behaviours],
    emergency: draft.emergency,
  };
}
