import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BrokenGlassView } from '../../../shared/contract/views.ts';
import { client } from '../../app/client.ts';
import { useUserName } from '../../state/reference.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import type { Column } from '../../ui/table/columns.ts';
import { Table } from '../../ui/table/Table.tsx';
import { DateTime } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';

interface GlassCardProps {
  readonly glass: readonly BrokenGlassView[];
  /** Something was taken note of: the list is to be fetched anew. */
  readonly onNoted: () => void;
}

const note = ({ caseId, user, compartment, at }: BrokenGlassView) =>
  client.call('day.seenGlass', { caseId, user, compartment, at });

/** For data protection officers: who opened a sealed part of a case, and why. Nothing leaves this list. */
export function GlassCard({ glass, onNoted }: GlassCardProps) {
  const { t } = useTranslation('day');
  const noting = useAction(note);
  const open = glass.filter(({ seen }) => !seen).length;
  const columns = useGlassColumns(async (one) => {
    if ((await noting.run(one)) !== undefined) onNoted();
  });
  return (
    <Card
      title={t('glass.title')}
      padding="flush"
      tone={open > 0 ? 'danger' : 'normal'}
      note={open > 0 && <Tag tone="danger">{open}</Tag>}
    >
      <ErrorNote error={noting.error} />
      {glass.length === 0 ? (
        <EmptyState title={t('glass.emptyTitle')}>{t('glass.emptyText')}</EmptyState>
      ) : (
        <Table
          label={t('glass.title')}
          columns={columns}
          rows={glass}
          rowKey={({ caseId, user, compartment, at }) => `${caseId} ${user} ${compartment} ${at}`}
        />
      )}
    </Card>
  );
}

function useGlassColumns(
  onNote: (glass: BrokenGlassView) => Promise<void>,
): readonly Column<BrokenGlassView>[] {
  const { t } = useTranslation(['day', 'common', 'cases']);
  const userName = useUserName();
  return useMemo<readonly Column<BrokenGlassView>[]>(() => {
    const nameOf = ({ user }: BrokenGlassView) => userName(user) ?? t('cases:history.unknownUser');
    return [
      { id: 'case', header: t('day:tasks.case'), width: '88px', cell: ({ number }) => number ?? '–' },
      { id: 'who', header: t('day:glass.who'), isRowHeader: true, width: 'minmax(0, 1fr)', cell: nameOf },
      {
        id: 'what',
        header: t('day:glass.what'),
        width: 'minmax(0, 1fr)',
        cell: ({ compartment }) => t(`common:term.compartment.${compartment}`),
      },
      {
        id: 'reason',
        header: t('day:glass.reason'),
        width: 'minmax(0, 3fr)',
        cell: ({ reason }) => reason ?? <Quiet>{t('day:glass.noReason')}</Quiet>,
      },
      { id: 'when', header: t('day:glass.when'), width: '112px', cell: ({ at }) => <DateTime value={at} /> },
      {
        id: 'seen',
        header: t('day:glass.noted'),
        isHeaderHidden: true,
        width: '128px',
        cell: (one) =>
          one.seen ? (
            <Quiet>{t('day:glass.noted')}</Quiet>
          ) : (
            <Button
              size="small"
              onPress={() => void onNote(one)}
              aria-label={t('day:glass.note', { name: nameOf(one), number: one.number ?? '–' })}
            >
              {t('day:glass.take')}
            </Button>
          ),
      },
    ];
  }, [t, userName, onNote]);
}
