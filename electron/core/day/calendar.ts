/** Days as the person at this laptop counts them. The laptop's time zone decides when a day begins. */
export interface Calendar {
  /** The day of an instant: `2026-11-23`. */
  dayOf(ms: number): string;
  addDays(day: string, days: number): string;
  /** The last millisecond of a day. */
  endOfDayMs(day: string): number;
}

export const localCalendar: Calendar = {
  dayOf: (ms) => dayText(new Date(ms)),
  addDays(day, days) {
    const [y, m, d] = partsOf(day);
    // At noon no clock change moves the date.
    return dayText(new Date(y, m - 1, d + days, 12));
  },
  endOfDayMs(day) {
    const [y, m, d] = partsOf(day);
    return new Date(y, m - 1, d, 23, 59, 59, 999).getTime();
  },
};

function partsOf(day: string): readonly [number, number, number] {
  const [y = 1970, m = 1, d = 1] = day.split('-').map(Number);
  return [y, m, d];
}

function dayText(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
