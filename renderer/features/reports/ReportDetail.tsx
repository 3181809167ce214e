import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import type { Typed } from '../../state/record.ts';
import { useUserName } from '../../state/reference.ts';
import { sealedIn } from '../../state/rights.ts';
import { DescriptionList } from '../../ui/layout/DescriptionList.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import { DateTime } from '../../ui/text/DateTime.tsx';
import { SealedButton } from '../team/SealedButton.tsx';

interface ReportDetailProps {
  readonly view: CaseView;
  readonly report: Typed<'report'>;
}

/** What was reported, in the reporter's terms. */
export function ReportDetail({ view, report }: ReportDetailProps) {
  const { t } = useTranslation(['reports', 'common']);
  const userName = useUserName();
  const { values } = report;
  const behaviours = values.behaviours ?? [];
  const sealed = sealedIn(view, report.id);
  const reporter =
    sealed === undefined
      ? [
          {
            term: t('reports:detail.reporter'),
            value: values.anonymous === true ? t('reports:detail.anonymous') : values.reporterName,
          },
          { term: t('reports:detail.contact'), value: values.reporterContact },
        ]
      : [
          {
            term: t('reports:detail.reporter'),
            value: <SealedButton caseId={view.line.id} part={sealed} />,
          },
        ];
  return (
    <DescriptionList
      items={[
        { term: t('reports:detail.who'), value: values.who },
        { term: t('reports:detail.whoIsAtRisk'), value: values.whoIsAtRisk },
        { term: t('reports:detail.what'), value: values.what },
        { term: t('reports:detail.where'), value: values.where },
        { term: t('reports:detail.when'), value: values.when },
        {
          term: t('reports:detail.behaviours'),
          value: behaviours.length > 0 && (
            <Stack direction="across" gap={1}>
              {behaviours.map((behaviour) => (
                <Tag key={behaviour}>{t(`common:term.behaviour.${behaviour}`)}</Tag>
              ))}
            </Stack>
          ),
        },
        ...reporter,
        {
          term: t('reports:take.channel'),
          value: values.channel && t(`common:term.channel.${values.channel}`),
        },
        {
          term: t('reports:take.receivedAt'),
          value: values.receivedAt && <DateTime value={values.receivedAt} />,
        },
        { term: t('reports:detail.takenByTerm'), value: userName(values.takenBy) },
      ]}
    />
  );
}
