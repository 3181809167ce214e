import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { type ObservationNature, observationNatures } from '../../../shared/domain/kinds/observation.ts';
import { recordsOf, type Typed } from '../../state/record.ts';
import { mayEdit } from '../../state/rights.ts';
import { Button } from '../../ui/button/Button.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { SegmentedControl } from '../../ui/field/SegmentedControl.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Timeline } from '../../ui/layout/Timeline.tsx';
import { KindTag, Tag } from '../../ui/status/Tag.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { ContestedMark } from '../cases/ContestedMark.tsx';
import styles from '../cases/cases.module.css';
import { ObservationDialog } from './ObservationDialog.tsx';

type Observation = Typed<'observation'>;

const byTime = (a: Observation, b: Observation): number =>
  (b.values.occurredAt ?? b.createdAt).localeCompare(a.values.occurredAt ?? a.createdAt);

/** What was seen, heard, concluded or is missing, newest first. */
export function ObservationsTab({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['observations', 'common', 'cases']);
  const [nature, setNature] = useState<ObservationNature | 'all'>('all');
  const [edited, setEdited] = useState<Observation | 'new' | null>(null);
  const all = recordsOf(view, 'observation');
  const shown = all.filter(({ values }) => nature === 'all' || values.nature === nature).toSorted(byTime);
  const isEditable = mayEdit(view, 'observation');
  const add = isEditable && (
    <Button tone="primary" icon="add" onPress={() => setEdited('new')}>
      {t('observations:add')}
    </Button>
  );
  return (
    <Card title={t('cases:tabs.observations')} actions={all.length > 0 && add}>
      {all.length === 0 ? (
        <EmptyState title={t('observations:emptyTitle')} actions={add}>
          {t('observations:emptyText')}
        </EmptyState>
      ) : (
        <Stack>
          <SegmentedControl
            aria-label={t('observations:filter')}
            options={[
              { value: 'all' as const, label: t('observations:all') },
              ...observationNatures.map((value) => ({ value, label: t(`common:term.nature.${value}`) })),
            ]}
            value={nature}
            onChange={setNature}
          />
          <Timeline
            label={t('cases:tabs.observations')}
            entries={shown.map((observation) => ({
              id: observation.id,
              at: observation.values.occurredAt ?? null,
              atNote: observation.values.occurredNote ?? undefined,
              title: <Head observation={observation} />,
              children: (
                <Body observation={observation} onEdit={isEditable ? () => setEdited(observation) : null} />
              ),
            }))}
          />
        </Stack>
      )}
      {edited !== null && (
        <ObservationDialog
          view={view}
          observation={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </Card>
  );
}

function Head({ observation }: { readonly observation: Observation }) {
  const { t } = useTranslation('common');
  return (
    <Stack direction="across" gap={2}>
      {observation.values.nature && <KindTag nature={observation.values.nature} />}
      {(observation.values.behaviours ?? []).map((behaviour) => (
        <Tag key={behaviour}>{t(`term.behaviour.${behaviour}`)}</Tag>
      ))}
      <ContestedMark record={observation} />
    </Stack>
  );
}

interface BodyProps {
  readonly observation: Observation;
  /** Null for whoever may only read it. */
  readonly onEdit: (() => void) | null;
}

function Body({ observation, onEdit }: BodyProps) {
  const { t } = useTranslation(['observations', 'common']);
  const { source, reliability, text } = observation.values;
  const origin = [
    source && t('observations:sourceLine', { source }),
    reliability &&
      t('observations:reliabilityLine', { reliability: t(`common:term.reliability.${reliability}`) }),
  ];
  return (
    <>
      <p className={styles.rationale}>{text}</p>
      <Stack direction="across" gap={2}>
        <Quiet>{origin.filter(Boolean).join(' · ')}</Quiet>
        {onEdit !== null && (
          <Button
            size="small"
            tone="quiet"
            onPress={onEdit}
            aria-label={`${t('common:action.edit')}: ${text ?? ''}`}
          >
            {t('common:action.edit')}
          </Button>
        )}
      </Stack>
    </>
  );
}
