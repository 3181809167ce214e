import { useTranslation } from 'react-i18next';
import type { Typed } from '../../state/record.ts';
import { useUserName } from '../../state/reference.ts';
import { DescriptionList } from '../../ui/layout/DescriptionList.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import { DateTime } from '../../ui/text/DateTime.tsx';

/** What was reported, in the reporter's terms. */
export function ReportDetail({ report }: { readonly report: Typed<'report'> }) {
  const { t } = useTranslation(['reports', 'common']);
  const userName = useUserName();
  const { values } = report;
  const behaviours = values.behaviours ?? [];
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
        {
          term: t('reports:detail.reporter'),
          value: values.anonymous === true ? t('reports:detail.anonymous') : values.reporterName,
        },
        { term: t('reports:detail.contact'), value: values.reporterContact },
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
