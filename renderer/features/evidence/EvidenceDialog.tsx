import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { shownAs } from '../../../shared/domain/mediaTypes.ts';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { recordsOf } from '../../state/record.ts';
import { useUserName } from '../../state/reference.ts';
import { mayEdit } from '../../state/rights.ts';
import { Button } from '../../ui/button/Button.tsx';
import { FormActions } from '../../ui/field/Form.tsx';
import { DescriptionList } from '../../ui/layout/DescriptionList.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Timeline } from '../../ui/layout/Timeline.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { EditEvidence } from './EditEvidence.tsx';
import styles from './evidence.module.css';
import { FetchFile } from './FetchFile.tsx';
import { Preview } from './Preview.tsx';
import { ReasonDialog } from './ReasonDialog.tsx';
import { SendProgress } from './SendProgress.tsx';
import { type EvidenceRecord, type Place, typeWord } from './types.ts';

interface EvidenceDialogProps {
  readonly view: CaseView;
  readonly evidence: EvidenceRecord;
  readonly place: Place | null;
  readonly onClose: () => void;
}

/** One piece of evidence: what it is, where it comes from, who had it in hand, and what can be done with it. */
export function EvidenceDialog({ view, evidence, place, onClose }: EvidenceDialogProps) {
  const { t } = useTranslation(['evidence', 'common']);
  const [open, setOpen] = useState<'edit' | 'export' | 'remove' | null>(null);
  const [isShown, setShown] = useState(false);
  const { values, caseId, id: recordId } = evidence;
  // What leaves a case is written down in it.
  const isEditable = mayEdit(view, 'evidence');
  const isHere = place === 'here' || place === 'both';
  const close = () => setOpen(null);
  return (
    <Dialog title={values.name ?? ''} isOpen onClose={onClose}>
      <Stack gap={4}>
        <Facts evidence={evidence} place={place} />
        {place === 'service' && <FetchFile evidence={evidence} />}
        {place === 'here' && <SendProgress evidence={evidence} />}
        {isShown && <Preview evidence={evidence} />}
        <Custody view={view} evidence={evidence} />
        <FormActions>
          {isHere && shownAs(values.mediaType) !== null && !isShown && (
            <Button icon="show" onPress={() => setShown(true)}>
              {t('evidence:show')}
            </Button>
          )}
          {isEditable && isHere && <Button onPress={() => setOpen('export')}>{t('evidence:export')}</Button>}
          {isEditable && (
            <>
              <Button onPress={() => setOpen('edit')}>{t('evidence:editTitle')}</Button>
              <Button tone="danger" onPress={() => setOpen('remove')}>
                {t('evidence:remove')}
              </Button>
            </>
          )}
        </FormActions>
      </Stack>
      {open === 'edit' && <EditEvidence evidence={evidence} onClose={close} />}
      {open === 'export' && (
        <ReasonDialog
          what="export"
          act={(reason) => client.call('evidence.export', { caseId, recordId, reason })}
          onDone={close}
          onClose={close}
        />
      )}
      {open === 'remove' && (
        <ReasonDialog
          what="remove"
          act={async (reason) => {
            await client.call('evidence.remove', { caseId, recordId, reason });
            return { saved: true };
          }}
          onDone={onClose}
          onClose={close}
        />
      )}
    </Dialog>
  );
}

function Facts({ evidence: { values }, place }: Pick<EvidenceDialogProps, 'evidence' | 'place'>) {
  const { t } = useTranslation(['evidence', 'common']);
  const format = useFormat();
  const userName = useUserName();
  const added =
    values.addedAt &&
    t('evidence:addedBy', {
      time: format.dateTime(values.addedAt),
      name: userName(values.addedBy ?? null) ?? '–',
    });
  return (
    <DescriptionList
      items={[
        { term: t('evidence:description'), value: values.description },
        { term: t('evidence:source'), value: values.source },
        { term: t('evidence:occurredAt'), value: values.occurredAt && format.dateTime(values.occurredAt) },
        {
          term: t('evidence:type'),
          value: `${t(`common:term.mediaType.${typeWord(values.mediaType)}`)} · ${format.bytes(values.sizeBytes ?? 0)}`,
        },
        { term: t('evidence:sha256'), value: <span className={styles.checksum}>{values.sha256}</span> },
        { term: t('evidence:addedAt'), value: added },
        { term: t('evidence:place'), value: place && t(`evidence:places.${place}`) },
      ]}
    />
  );
}

function Custody({ view, evidence }: Pick<EvidenceDialogProps, 'view' | 'evidence'>) {
  const { t } = useTranslation('evidence');
  const userName = useUserName();
  const links = recordsOf(view, 'custody').filter(({ values }) => values.evidence === evidence.id);
  return (
    <section>
      <h3>{t('custody')}</h3>
      <Timeline
        label={t('custody')}
        entries={links.map(({ id, values }) => ({
          id,
          at: values.at ?? null,
          title: t('custodyLine', {
            event: values.event ? t(`events.${values.event}`) : '–',
            name: userName(values.by ?? null) ?? '–',
          }),
          children: values.reason,
        }))}
      />
    </section>
  );
}
