import { CalendarDateTime } from '@internationalized/date';
import { describe, expect, it } from 'vitest';
import { readDay, readInstant, writeInstant } from './instant.ts';

const berlin = 'Europe/Berlin';

describe('what a date field reads and writes', () => {
  it('shows an instant by the wall clock and writes the same instant back', () => {
    const shown = readInstant('2026-11-18T20:40:00.000Z', berlin);
    expect(shown?.toString()).toBe('2026-11-18T21:40:00');
    expect(shown && writeInstant(shown, berlin)).toBe('2026-11-18T20:40:00.000Z');
  });

  it('takes the first of an hour that occurs twice, and moves an hour that does not exist forward', () => {
    expect(writeInstant(new CalendarDateTime(2026, 10, 25, 2, 30), berlin)).toBe('2026-10-25T00:30:00.000Z');
    expect(writeInstant(new CalendarDateTime(2026, 3, 29, 2, 30), berlin)).toBe('2026-03-29T01:30:00.000Z');
  });

  it('is empty for an empty or unreadable text instead of failing', () => {
    expect(readInstant(null)).toBeNull();
    expect(readInstant('soon')).toBeNull();
    expect(readDay('2026-13-40')).toBeNull();
    expect(readDay('2026-11-23')?.toString()).toBe('2026-11-23');
  });
});
