import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { SearchHit } from '../../../shared/contract/views.ts';
import { useAllRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { type Command, useCommands } from './commands.ts';
import { Filling } from './Filling.tsx';
import { HitText } from './HitText.tsx';
import styles from './search.module.css';

interface SearchDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

interface Row {
  readonly id: string;
  readonly run: () => void;
  readonly command?: Command;
  readonly hit?: SearchHit;
}

/** Search over everything on this laptop, and every command, from one field. */
export default function SearchDialog({ isOpen, onClose }: SearchDialogProps) {
  const { t } = useTranslation('search');
  return (
    <Dialog title={t('title')} isOpen={isOpen} onClose={onClose}>
      <Finder onClose={onClose} />
    </Dialog>
  );
}

function hitPath(hit: SearchHit): string {
  if (hit.kind === 'assessment') return `/cases/${hit.caseId}/assessments/${hit.recordId}`;
  const tab = { person: 'people', observation: 'observations', measure: 'measures' }[hit.kind];
  return tab === undefined ? `/cases/${hit.caseId}` : `/cases/${hit.caseId}/${tab}`;
}

function Finder({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('search');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [, navigate] = useLocation();
  const listId = useId();
  const commands = useCommands();
  const { data, error, isLoading, refresh } = useProcedure(
    'search.query',
    { text, limit: 20 },
    useAllRevision(),
  );
  const wanted = text.trim().toLowerCase();
  const rows: readonly Row[] = [
    ...commands
      .filter(({ label }) => label.toLowerCase().includes(wanted))
      .slice(0, wanted === '' ? undefined : 4)
      .map((command) => ({ id: command.id, run: command.run, command })),
    ...(wanted === '' ? [] : (data?.hits ?? [])).map((hit) => ({
      id: hit.recordId,
      run: () => navigate(hitPath(hit)),
      hit,
    })),
  ];
  const at = Math.min(chosen, rows.length - 1);
  const open = (row: Row | undefined) => {
    if (row === undefined) return;
    onClose();
    row.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((at + step + rows.length) % Math.max(rows.length, 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(rows[at]);
    }
  };
  return (
    <div className={styles.finder}>
      <input
        className={styles.input}
        role="combobox"
        aria-label={t('placeholder')}
        aria-expanded={rows.length > 0}
        aria-controls={listId}
        aria-activedescendant={rows[at] && `${listId}-${at}`}
        placeholder={t('placeholder')}
        value={text}
        // biome-ignore lint/a11y/noAutofocus: the palette is opened in order to type
        autoFocus
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ErrorNote error={error} />
      <Filling filling={data?.filling ?? null} onAskAgain={refresh} />
      <div className={styles.list} id={listId} role="listbox" aria-label={t('results')}>
        {rows.map((row, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the field that keeps the focus
          <div
            key={row.id}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={styles.row}
            onClick={() => open(row)}
            onMouseMove={() => setChosen(index)}
          >
            {row.command ? row.command.label : row.hit && <HitText hit={row.hit} />}
          </div>
        ))}
      </div>
      {rows.length === 0 && !isLoading && <Quiet>{t('none', { text })}</Quiet>}
      {wanted === '' && <Quiet>{t('hint')}</Quiet>}
    </div>
  );
}
