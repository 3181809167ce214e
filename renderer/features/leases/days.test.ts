import { describe, expect, it } from 'vitest';
import { daysToChoose, endOfDay } from './days.ts';

const noonMs = new Date('2026-11-28T12:00:00').getTime();

describe('the days for which a case can be taken along', () => {
  it('begin today and usually end after a working week', () => {
    expect(daysToChoose(noonMs, 168)).toMatchObject({ first: '2026-11-28', usual: '2026-12-03' });
  });

  it('usually end within what the organisation allows without contact', () => {
    expect(daysToChoose(noonMs, 48).usual).toBe('2026-11-29');
    expect(daysToChoose(noonMs, 12).usual).toBe('2026-11-28');
  });

  it('end with the last moment of a day here', () => {
    expect(new Date(endOfDay('2026-11-28')).getHours()).toBe(23);
  });

  it('never go beyond what the service takes', () => {
    const { last } = daysToChoose(noonMs, 168);
    expect(Date.parse(endOfDay(last)) - noonMs).toBeLessThan(90 * 86_400_000);
  });
});
