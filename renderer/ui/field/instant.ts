/**
 * Between the texts the records hold and the values React Aria edits. A day is `YYYY-MM-DD` and has no zone;
 * an instant is ISO 8601 in UTC and is edited in the zone of the machine.
 */
import {
  type CalendarDate,
  type CalendarDateTime,
  getLocalTimeZone,
  parseAbsolute,
  parseDate,
  toCalendarDateTime,
  toZoned,
} from '@internationalized/date';

/** The day a text names, or `null` where it is empty or no day. */
export function readDay(value: string | null): CalendarDate | null {
  if (value === null) return null;
  try {
    return parseDate(value);
  } catch {
    return null;
  }
}

/** Wall-clock time of an instant in `zone`, or `null` where it is empty or no instant. */
export function readInstant(value: string | null, zone = getLocalTimeZone()): CalendarDateTime | null {
  if (value === null) return null;
  try {
    return toCalendarDateTime(parseAbsolute(value, zone));
  } catch {
    return null;
  }
}

/** The instant of a wall-clock time in `zone`; of an hour that occurs twice, the first. */
export function writeInstant(value: CalendarDateTime, zone = getLocalTimeZone()): string {
  return toZoned(value, zone, 'compatible').toDate().toISOString();
}
