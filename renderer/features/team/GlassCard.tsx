import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { recordsOf } from '../../state/record.ts';
import { useUserName } from '../../state/reference.ts';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Timeline } from '../../ui/layout/Timeline.tsx';
import { SealedButton } from './SealedButton.tsx';

/** What of the case is sealed from this person, and who broke the glass when and why. */
export function GlassCard({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['cases', 'common']);
  const userName = useUserName();
  const broken = recordsOf(view, 'glass').toReversed();
  const whole = view.sealed.filter((part) => part.whole);
  if (broken.length === 0 && whole.length === 0) return null;
  return (
    <Card title={t('cases:sealed.cardTitle')}>
      <Stack gap={3}>
        {whole.map((part) => (
          <SealedButton key={part.record} caseId={view.line.id} part={part} />
        ))}
        {broken.length > 0 && (
          <Timeline
            label={t('cases:sealed.cardTitle')}
            entries={broken.map(({ id, values, createdAt }) => ({
              id,
              at: values.at ?? createdAt,
              title: t('cases:sealed.brokenBy', {
                name: userName(values.by) ?? t('cases:history.unknownUser'),
                compartment: values.compartment ? t(`common:term.compartment.${values.compartment}`) : '',
              }),
              children: values.reason,
            }))}
          />
        )}
      </Stack>
    </Card>
  );
}
