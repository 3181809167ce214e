import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/overlay/Dialog.tsx';
import { Kbd } from '../ui/text/Kbd.tsx';
import styles from './frame.module.css';
import { type Shortcut, useShortcuts } from './shortcuts.ts';

/** Lists the keys that are bound now: everywhere, and on this screen. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('common');
  const bound = useShortcuts();
  return (
    <Dialog title={t('shortcut.title')} isOpen onClose={onClose}>
      <p>{t('shortcut.intro')}</p>
      <Keys title={t('shortcut.screen')} shortcuts={bound.filter(({ scope }) => scope === 'screen')} />
      <Keys title={t('shortcut.global')} shortcuts={bound.filter(({ scope }) => scope === 'global')} />
    </Dialog>
  );
}

function Keys({ title, shortcuts }: { readonly title: string; readonly shortcuts: readonly Shortcut[] }) {
  if (shortcuts.length === 0) return null;
  return (
    <section className={styles.keys}>
      <h3>{title}</h3>
      <dl>
        {shortcuts.map(({ keys, label }) => (
          <div key={keys + label} className={styles.keyLine}>
            <dt>{label}</dt>
            <dd>
              <Kbd keys={keys} isRead />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
