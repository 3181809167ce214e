import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/procedures.ts';
import type { CaseView } from '../../../shared/contract/views.ts';
import { type TriageOutcome, triageOutcomes } from '../../../shared/domain/workflow.ts';
import type { UserId } from '../../../shared/ids.ts';
import { client } from '../../app/client.ts';
import { caseRecord, type Typed } from '../../state/record.ts';
import { useDirectory } from '../../state/reference.ts';
import { useSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { CheckboxGroup, RadioGroup } from '../../ui/field/Choice.tsx';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { Select } from '../../ui/field/Select.tsx';
import { TextArea, TextField } from '../../ui/field/TextField.tsx';

interface TriageFormProps {
  readonly view: CaseView;
  readonly report: Typed<'report'>;
  readonly onDone: (path: string) => void;
}

const decide = (input: InputOf<'reports.triage'>) => client.call('reports.triage', input);

/** Open a case, end the report or refer it; always with a reason. */
export function TriageForm({ view, report, onDone }: TriageFormProps) {
  const { t } = useTranslation(['reports', 'common']);
  const session = useSession();
  const me = session?.user?.role === 'specialist' ? session.user.id : null;
  const [outcome, setOutcome] = useState<TriageOutcome>('open');
  const [reason, setReason] = useState('');
  const known = caseRecord(view)?.values;
  const [title, setTitle] = useState(known?.title ?? '');
  const [site, setSite] = useState(known?.site ?? report.values.where ?? '');
  const [lead, setLead] = useState<UserId | null>(me);
  const [team, setTeam] = useState<readonly UserId[]>([]);
  const [purpose, setPurpose] = useState(() => t('reports:triage.purposeDefault'));
  const [legalBasis, setLegalBasis] = useState(() => t('reports:triage.legalBasisDefault'));
  const [wasSubmitted, setSubmitted] = useState(false);
  const triage = useAction(decide);
  const isOpening = outcome === 'open';

  const errors = {
    ...(reason.trim() === '' && { reason: t('reports:triage.missingReason') }),
    ...(isOpening && title.trim() === '' && { title: t('reports:triage.missingTitle') }),
    ...(isOpening && lead === null && { lead: t('reports:triage.missingLead') }),
  };
  const submit = async () => {
    setSubmitted(true);
    if (Object.keys(errors).length > 0) return;
    const opening = isOpening &&
      lead !== null && {
        title: title.trim(),
        lead,
        team: team.filter((user) => user !== lead).map((user) => ({ user, role: 'specialist' as const })),
        purpose: purpose.trim(),
        legalBasis: legalBasis.trim(),
        ...(site.trim() !== '' && { site: site.trim() }),
      };
    const line = await triage.run({ caseId: view.line.id, outcome, reason: reason.trim(), ...opening });
    if (line === undefined) return;
    toast(t(`reports:triage.done.${outcome}`));
    onDone(isOpening ? `/cases/${line.id}` : '/reports');
  };
  return (
    <Form
      onSubmit={() => void submit()}
      aria-label={t('reports:triage.title')}
      errors={wasSubmitted ? errors : {}}
    >
      <RadioGroup
        label={t('reports:triage.outcome')}
        options={triageOutcomes.map((value) => ({
          value,
          label: t(`common:term.triageOutcome.${value}`),
          description: t(`reports:triage.outcomeHint.${value}`),
        }))}
        value={outcome}
        onChange={setOutcome}
      />
      <TextArea
        label={t('reports:triage.reason')}
        help={t('reports:triage.reasonHint')}
        name="reason"
        value={reason}
        onChange={setReason}
        isRequired
      />
      {isOpening && (
        <>
          <TextField
            label={t('reports:triage.caseTitle')}
            help={t('reports:triage.caseTitleHint')}
            name="title"
            value={title}
            onChange={setTitle}
            isRequired
          />
          <TextField label={t('reports:triage.site')} value={site} onChange={setSite} />
          <Team
            lead={lead}
            onLead={setLead}
            team={team}
            onTeam={setTeam}
            leadError={wasSubmitted ? errors.lead : undefined}
          />
          <TextField label={t('reports:triage.purpose')} value={purpose} onChange={setPurpose} />
          <TextField label={t('reports:triage.legalBasis')} value={legalBasis} onChange={setLegalBasis} />
        </>
      )}
      <ErrorNote error={triage.error} />
      <FormActions>
        <Button type="submit" tone="primary" isPending={triage.isPending}>
          {t(`reports:triage.confirm.${outcome}`)}
        </Button>
      </FormActions>
    </Form>
  );
}

interface TeamProps {
  readonly lead: UserId | null;
  readonly onLead: (lead: UserId) => void;
  readonly team: readonly UserId[];
  readonly onTeam: (team: readonly UserId[]) => void;
  readonly leadError: string | undefined;
}

/** Who leads and who else works on it; only colleagues who may see cases at all. */
function Team({ lead, onLead, team, onTeam, leadError }: TeamProps) {
  const { t } = useTranslation(['reports', 'common']);
  const users = useDirectory().users.filter(
    ({ active, role }) => active && role !== 'administrator' && role !== 'dpo',
  );
  const option = (user: (typeof users)[number]) => ({
    value: user.id,
    label: user.name,
    description: t(`common:term.orgRole.${user.role}`),
  });
  const others = users.filter(({ id }) => id !== lead);
  return (
    <>
      <Select
        label={t('reports:triage.lead')}
        name="lead"
        options={users.filter(({ role }) => role === 'specialist').map(option)}
        value={lead}
        onChange={onLead}
        error={leadError}
        isRequired
      />
      {others.length > 0 && (
        <CheckboxGroup
          label={t('reports:triage.team')}
          help={t('reports:triage.teamHint')}
          options={others.map(option)}
          value={team}
          onChange={onTeam}
        />
      )}
    </>
  );
}
