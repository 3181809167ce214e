/**
 * Dates, numbers and spans in the words of a locale. Pure: the present is handed in. Instants are ISO 8601
 * texts in UTC and shown in the zone of the machine; days are `YYYY-MM-DD` and belong to no zone.
 */
import type { TFunction } from 'i18next';
import type { Language } from '../../shared/contract/views.ts';
import { localeOf } from './language.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const soonMs = dayMs;

export type DueTone = 'late' | 'soon' | 'later' | 'none';
export interface Due {
  readonly text: string;
  readonly tone: DueTone;
}

export interface Formatter {
  readonly language: Language;
  readonly locale: string;
  /** `19. Nov.`, with the year when it is another one. */
  day(value: string): string;
  /** `Montag, 23. November` */
  longDay(value: string): string;
  /** `15:31` */
  time(value: string): string;
  /** `18. Nov., 21:40` */
  dateTime(value: string): string;
  /** `vor 12 min`, `gestern`, `19. Nov.` */
  relative(value: string): string;
  /** `heute 16:00`, `seit 40 min überfällig`; a day counts until it ends. */
  due(value: string | null): Due;
  /** `48 min`, `3 h`, `2 Tagen` */
  span(ms: number): string;
  number(value: number): string;
  /** `824 kB`, `3,1 MB`: a thousand at a time, as file managers count. */
  bytes(value: number): string;
  /** `a, b und c` */
  list(items: readonly string[]): string;
}

const isDay = (value: string): boolean => /^\d{4}-\d\d-\d\d$/.test(value);

/** A day is read as local midnight, so that it is the same day in every zone. */
function toDate(value: string): Date {
  return isDay(value) ? new Date(`${value}T00:00:00`) : new Date(value);
}

function startOfDayMs(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** Whole days from today to the given moment; rounding takes care of the days with 23 and 25 hours. */
function daysFrom(nowMs: number, ms: number): number {
  return Math.round((startOfDayMs(ms) - startOfDayMs(nowMs)) / dayMs);
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs a hundred times as much as using it. */
function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  dateFormats.set(key, known);
  return known;
}

export function createFormatter(language: Language, t: TFunction<'common'>, nowMs: number): Formatter {
  const locale = localeOf[language];
  const thisYear = new Date(nowMs).getFullYear();
  const show = (date: Date, options: Intl.DateTimeFormatOptions): string =>
    dateFormat(locale, options).format(date);
  const yearOf = (date: Date): Intl.DateTimeFormatOptions =>
    date.getFullYear() === thisYear ? {} : { year: 'numeric' };

  const day = (value: string): string => {
    const date = toDate(value);
    return show(date, { day: 'numeric', month: 'short', ...yearOf(date) });
  };
  const time = (value: string): string => show(toDate(value), { hour: '2-digit', minute: '2-digit' });
  const dateTime = (value: string): string => {
    const date = toDate(value);
    return show(date, {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      ...yearOf(date),
    });
  };
  const span = (ms: number): string => {
    if (ms < hourMs) return t('time.minutes', { count: Math.max(1, Math.floor(ms / minuteMs)) });
    if (ms < dayMs) return t('time.hours', { count: Math.floor(ms / hourMs) });
    return t('time.days', { count: Math.floor(ms / dayMs) });
  };
  const relativeWords = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });

  return {
    language,
    locale,
    day,
    time,
    dateTime,
    span,
    longDay: (value) => show(toDate(value), { weekday: 'long', day: 'numeric', month: 'long' }),
    relative(value) {
      const ms = toDate(value).getTime();
      const days = daysFrom(nowMs, ms);
      if (isDay(value) && Math.abs(days) <= 1) return relativeWords.format(days, 'day');
      const passedMs = nowMs - ms;
      if (Math.abs(passedMs) < minuteMs) return t('time.now');
      if (Math.abs(passedMs) < hourMs || days === 0) {
        return t(passedMs > 0 ? 'time.ago' : 'time.ahead', { span: span(Math.abs(passedMs)) });
      }
      if (Math.abs(days) <= 6) return relativeWords.format(days, 'day');
      return day(value);
    },
    due(value) {
      if (value === null) return { text: t('time.noDue'), tone: 'none' };
      const wholeDay = isDay(value);
      const ms = toDate(value).getTime();
      const lateMs = nowMs - (wholeDay ? ms + dayMs : ms);
      if (lateMs > 0) {
        const overdueMs = wholeDay ? -daysFrom(nowMs, ms) * dayMs : lateMs;
        return { text: t('time.overdue', { span: span(overdueMs) }), tone: 'late' };
      }
      const days = daysFrom(nowMs, ms);
      const tone = -lateMs <= soonMs ? 'soon' : 'later';
      const clock = wholeDay ? '' : time(value);
      if (days === 0) return { text: t('time.todayAt', { time: clock }).trim(), tone };
      if (days === 1) return { text: t('time.tomorrowAt', { time: clock }).trim(), tone };
      return { text: wholeDay ? day(value) : dateTime(value), tone };
    },
    bytes: (value) => bytesText(locale, value),
    number: (value) => new Intl.NumberFormat(locale).format(value),
    list: (items) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
  };
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

function bytesText(locale: string, value: number): string {
  const step = Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  const amount = value / 1_000 ** step;
  const unit = byteUnits[step] ?? 'byte';
  // Whole bytes and kilobytes; a tenth only where it says something.
  const maximumFractionDigits = step > 1 && amount < 100 ? 1 : 0;
  return new Intl.NumberFormat(locale, {
    ...{ style: 'unit', unit, maximumFractionDigits },
    unitDisplay: step === 0 ? 'long' : 'short',
  }).format(amount);
}
