import { useTranslation } from 'react-i18next';
import styles from './text.module.css';

const named = {
  Ctrl: 'key.ctrl',
  Alt: 'key.alt',
  Shift: 'key.shift',
  Enter: 'key.enter',
  Escape: 'key.escape',
} as const;

interface KbdProps {
  /** Keys joined by `+`: `Ctrl+K`, `1`, `Enter`. */
  readonly keys: string;
  /** Screen readers read it too: where the key is the information and not a hint. */
  readonly isRead?: boolean;
}

function isNamed(key: string): key is keyof typeof named {
  return key in named;
}

/** A key, or keys held together, in the words printed on the keyboard of the language. */
export function Kbd({ keys, isRead = false }: KbdProps) {
  const { t } = useTranslation('common');
  const words = keys.split('+').map((key) => (isNamed(key) ? t(named[key]) : key));
  return (
    <kbd className={styles.kbd} aria-hidden={isRead ? undefined : true}>
      {words.join(' ')}
    </kbd>
  );
}
