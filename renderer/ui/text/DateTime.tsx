import { useFormat } from '../../i18n/useFormat.ts';
import styles from './text.module.css';

interface DateTimeProps {
  /** ISO instant, or `YYYY-MM-DD`. */
  readonly value: string;
  /** `dateTime` shows day and time, `day` the day, `time` the time, `long` weekday and month in full. */
  readonly show?: 'dateTime' | 'day' | 'time' | 'long';
}

/** A moment by the clock and the calendar of the reader. */
export function DateTime({ value, show = 'dateTime' }: DateTimeProps) {
  const format = useFormat();
  const text = show === 'long' ? format.longDay(value) : format[show](value);
  return (
    <time className={styles.time} dateTime={value}>
      {text}
    </time>
  );
}

/** How long ago; the exact moment is in the tooltip of the browser and for machines in `dateTime`. */
export function RelativeTime({ value }: Pick<DateTimeProps, 'value'>) {
  const format = useFormat();
  return (
    <time className={styles.time} dateTime={value} title={format.dateTime(value)}>
      {format.relative(value)}
    </time>
  );
}

/** A deadline: late ones in words and red, those of the next day in amber. */
export function DueDate({ value }: { readonly value: string | null }) {
  const due = useFormat().due(value);
  return (
    <span className={styles.due} data-tone={due.tone}>
      {value === null ? due.text : <time dateTime={value}>{due.text}</time>}
    </span>
  );
}
