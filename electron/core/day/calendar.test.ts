import { describe, expect, it } from 'vitest';
import { localCalendar } from './calendar.ts';
import { byDue, overdueCount } from './tasks.ts';

describe('the calendar of the laptop', () => {
  it('counts days over months, leap years and clock changes', () => {
    expect(localCalendar.addDays('2026-11-23', 7)).toBe('2026-11-30');
    expect(localCalendar.addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(localCalendar.addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(localCalendar.addDays('2026-10-24', 1)).toBe('2026-10-25');
    expect(localCalendar.addDays('2026-10-25', 1)).toBe('2026-10-26');
  });

  it('ends a day with its last millisecond, which still belongs to it', () => {
    const end = localCalendar.endOfDayMs('2026-11-23');
    expect(localCalendar.dayOf(end)).toBe('2026-11-23');
    expect(localCalendar.dayOf(end + 1)).toBe('2026-11-24');
  });
});

describe('the order of tasks', () => {
  const task = (dueAt: string | null) => ({
    type: 'measure' as const,
    caseId: 'c' as never,
    recordId: null,
    number: null,
    caseTitle: '',
    title: null,
    detail: null,
    level: null,
    dueAt,
  });
  const early = task('2026-11-22');
  const soon = task('2026-11-24T08:00:00.000Z');
  const late = task('2026-11-24');
  const never = task(null);

  it('is by due date, a day lasts until it ends, and what has none comes last', () => {
    const order = [never, late, soon, early].sort(byDue(localCalendar));
    expect(order).toEqual([early, soon, late, never]);
  });

  it('counts as overdue only what was due before now', () => {
    const noonMs = localCalendar.endOfDayMs('2026-11-24') - 12 * 3_600_000;
    expect(overdueCount([early, late, never], noonMs, localCalendar)).toBe(1);
  });
});
