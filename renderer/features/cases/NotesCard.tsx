import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { createRecord, sendEdits } from '../../state/edit.ts';
import { recordsOf } from '../../state/record.ts';
import { useUserName } from '../../state/reference.ts';
import { mayEdit } from '../../state/rights.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { TextArea } from '../../ui/field/TextField.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Timeline } from '../../ui/layout/Timeline.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import styles from './cases.module.css';

/** Dated remarks that are never changed. */
export function NotesCard({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation('cases');
  const [text, setText] = useState('');
  const userName = useUserName();
  const save = useAction(sendEdits);
  const add = async () => {
    const values = { text: text.trim(), writtenAt: new Date().toISOString() };
    const saved = await save.run(view.line.id, createRecord('note', values));
    if (saved !== undefined) setText('');
  };
  const notes = recordsOf(view, 'note').toReversed();
  return (
    <Card title={t('overview.notes')}>
      <Stack>
        {mayEdit(view, 'note') && (
          <div className={styles.noteForm}>
            <TextArea
              label={t('overview.addNote')}
              placeholder={t('overview.notePlaceholder')}
              lines={2}
              value={text}
              onChange={setText}
            />
            <ErrorNote error={save.error} />
            <Button
              size="small"
              onPress={() => void add()}
              isDisabled={text.trim() === ''}
              isPending={save.isPending}
            >
              {t('overview.addNote')}
            </Button>
          </div>
        )}
        {notes.length === 0 ? (
          <Quiet>{t('overview.noNotes')}</Quiet>
        ) : (
          <Timeline
            label={t('overview.notes')}
            entries={notes.map((note) => ({
              id: note.id,
              at: note.values.writtenAt ?? note.createdAt,
              title: <Quiet>{userName(note.createdBy)}</Quiet>,
              children: <p className={styles.rationale}>{note.values.text}</p>,
            }))}
          />
        )}
      </Stack>
    </Card>
  );
}
