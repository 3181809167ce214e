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
}

function isNamed(key: string): key is keyof typeof named {
  return key in named;
}

/** A key, or keys held together, in the words printed on the keyboard of the language. Decoration only. */
export function Kbd({ keys }: KbdProps) {
  const { t } = useTranslation('common');
  const words = keys.split('+').map((key) => (isNamed(key) ? t(named[key]) : key));
  return (
    <kbd className={styles.kbd} aria-hidden="true">
      {words.join(' ')}
    </kbd>
  );
}
