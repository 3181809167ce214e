import { type CalendarDateTime, getLocalTimeZone, now, toCalendarDateTime } from '@internationalized/date';
import type { ReactNode } from 'react';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  type DateValue,
  Dialog,
  Group,
  Heading,
  Popover,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icon/Icon.tsx';
import popover from '../overlay/popover.module.css';
import date from './date.module.css';
import { ariaFieldProps, FieldFrame, type FieldProps } from './FieldFrame.tsx';
import styles from './field.module.css';
import { readDay, readInstant, writeInstant } from './instant.ts';

export interface DateFieldProps extends FieldProps {
  /** `YYYY-MM-DD`, or `null` while empty. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  /** Earliest and latest day allowed, `YYYY-MM-DD`. */
  readonly min?: string;
  readonly max?: string;
}

/** A day, typed part by part or taken from the calendar. */
export function DateField(props: DateFieldProps) {
  const { value, onChange, min, max } = props;
  const minValue = readDay(min ?? null);
  const maxValue = readDay(max ?? null);
  return (
    <DatePicker
      {...ariaFieldProps(props)}
      className={styles.field ?? ''}
      granularity="day"
      value={readDay(value)}
      onChange={(day: DateValue | null) => onChange(day === null ? null : day.toString().slice(0, 10))}
      {...(minValue && { minValue })}
      {...(maxValue && { maxValue })}
    >
      <DateFrame {...props} />
    </DatePicker>
  );
}

export interface DateTimeFieldProps extends Omit<DateFieldProps, 'min' | 'max'> {
  /** Offers "Now" beside the field. */
  readonly withNow?: boolean;
}

/** A moment: day and time by the clock of the machine. The value is an ISO instant in UTC. */
export function DateTimeField(props: DateTimeFieldProps) {
  const { t } = useTranslation('common');
  const { value, onChange, withNow = false } = props;
  const write = (moment: CalendarDateTime | null) => onChange(moment === null ? null : writeInstant(moment));
  return (
    <DatePicker<CalendarDateTime>
      {...ariaFieldProps(props)}
      className={styles.field ?? ''}
      granularity="minute"
      hideTimeZone
      value={readInstant(value)}
      onChange={write}
    >
      <DateFrame {...props}>
        {withNow && (
          <Button
            slot={null}
            className={date.now ?? ''}
            onPress={() =>
              write(toCalendarDateTime(now(getLocalTimeZone()).set({ second: 0, millisecond: 0 })))
            }
          >
            {t('field.now')}
          </Button>
        )}
      </DateFrame>
    </DatePicker>
  );
}

function DateFrame({ children, ...props }: FieldProps & { readonly children?: ReactNode }) {
  const { t } = useTranslation('common');
  return (
    <>
      <FieldFrame {...props}>
        <Group className={`${styles.control} ${date.group}`}>
          <DateInput className={date.input ?? ''}>
            {(segment) => <DateSegment segment={segment} className={date.segment ?? ''} />}
          </DateInput>
          {children}
          <Button className={date.open ?? ''} aria-label={t('field.openCalendar')}>
            <Icon name="calendar" />
          </Button>
        </Group>
      </FieldFrame>
      <Popover className={popover.popover ?? ''} offset={4}>
        <Dialog className={date.calendar ?? ''} aria-label={props.label}>
          <Calendar>
            <header className={date.header}>
              <Button slot="previous" className={date.open ?? ''} aria-label={t('field.previousMonth')}>
                <Icon name="chevronLeft" />
              </Button>
              <Heading className={date.month ?? ''} />
              <Button slot="next" className={date.open ?? ''} aria-label={t('field.nextMonth')}>
                <Icon name="chevronRight" />
              </Button>
            </header>
            <CalendarGrid className={date.grid ?? ''} weekdayStyle="short">
              <CalendarGridHeader>
                {(day) => <CalendarHeaderCell className={date.weekday ?? ''}>{day}</CalendarHeaderCell>}
              </CalendarGridHeader>
              <CalendarGridBody>
                {(day) => <CalendarCell date={day} className={date.cell ?? ''} />}
              </CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </>
  );
}
