/** A report being written. Kept in memory while the vault is open, so that looking something up loses nothing. */
import { create } from 'zustand';
import type { ReportInput } from '../../../shared/contract/procedures.ts';
import type { WarningBehaviour } from '../../../shared/domain/behaviours.ts';
import { orNull } from '../../state/record.ts';

export interface ReportDraft {
  readonly channel: ReportInput['channel'];
  readonly receivedAt: string | null;
  readonly anonymous: boolean;
  readonly reporterName: string;
  readonly reporterContact: string;
  readonly who: string;
  readonly whoIsAtRisk: string;
  readonly what: string;
  readonly where: string;
  readonly when: string;
  readonly behaviours: readonly WarningBehaviour[];
  readonly emergency: boolean;
}

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

export const useReportDraft = create<{ readonly draft: ReportDraft }>(() => ({ draft: emptyDraft }));

export function changeDraft(part: Partial<ReportDraft>): void {
  useReportDraft.setState(({ draft }) => ({ draft: { ...draft, ...part } }));
}

export function clearDraft(): void {
  useReportDraft.setState({ draft: emptyDraft });
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
