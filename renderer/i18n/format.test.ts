import i18next, { type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue as de } from './catalogue.de.ts';
import { catalogue as en } from './catalogue.en.ts';
import { createFormatter } from './format.ts';

// Monday, 23 November 2026, 15:31 on the clock of the machine that runs the test.
const now = new Date(2026, 10, 23, 15, 31).getTime();
const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();

function formatter(language: 'de' | 'en') {
  return createFormatter(language, i18next.getFixedT(language, 'common') as TFunction<'common'>, now);
}

beforeAll(async () => {
  await i18next.init({
    lng: 'de',
    defaultNS: 'common',
    resources: { de, en },
    interpolation: { escapeValue: false },
  });
});

describe('in German', () => {
  it('writes the size of a file', () => {
    const { bytes } = formatter('de');
    expect(
      [0, 1, 999, 1_000, 824_400, 3_140_000, 999_000_000, 2_500_000_000].map((size) =>
        bytes(size).replace(/\s/g, ' '),
      ),
    ).toEqual(['0 Byte', '1 Byte', '999 Byte', '1 kB', '824 kB', '3,1 MB', '999 MB', '2,5 GB']);
  });

  it('writes days, times and both', () => {
    const format = formatter('de');
    expect(format.day('2026-11-19')).toBe('19. Nov.');
    expect(format.day('2025-11-19')).toBe('19. Nov. 2025');
    expect(format.longDay('2026-11-23')).toBe('Montag, 23. November');
    expect(format.time(at(0))).toBe('15:31');
    expect(format.dateTime(at(0))).toBe('23. Nov., 15:31');
  });

  it('says how long ago', () => {
    const format = formatter('de');
    expect(format.relative(at(0))).toBe('gerade eben');
    expect(format.relative(at(-12))).toBe('vor 12 min');
    expect(format.relative(at(-65))).toBe('vor 1 h');
    expect(format.relative(at(25))).toBe('in 25 min');
    expect(format.relative(at(-24 * 60))).toBe('gestern');
    expect(format.relative(at(-12 * 24 * 60))).toBe('11. Nov.');
  });

  it('says what is due and how late it is', () => {
    const format = formatter('de');
    expect(format.due(at(-40))).toEqual({ text: 'seit 40 min überfällig', tone: 'late' });
    expect(format.due(at(29))).toEqual({ text: 'heute 16:00', tone: 'soon' });
    expect(format.due(at(22 * 60))).toEqual({ text: 'morgen 13:31', tone: 'soon' });
    expect(format.due(at(72 * 60))).toEqual({ text: '26. Nov., 15:31', tone: 'later' });
    expect(format.due(null)).toEqual({ text: 'ohne Frist', tone: 'none' });
  });

  it('lets a whole day count until it ends', () => {
    const format = formatter('de');
    expect(format.due('2026-11-23')).toEqual({ text: 'heute', tone: 'soon' });
    expect(format.due('2026-11-22')).toEqual({ text: 'seit 1 Tag überfällig', tone: 'late' });
    expect(format.due('2026-11-19')).toEqual({ text: 'seit 4 Tagen überfällig', tone: 'late' });
  });
});

describe('in English', () => {
  it('follows the British order and clock', () => {
    const format = formatter('en');
    expect(format.dateTime(at(0))).toBe('23 Nov, 15:31');
    expect(format.relative(at(-12))).toBe('12 min ago');
    expect(format.due(at(-40)).text).toBe('overdue by 40 min');
    expect(format.due('2026-11-19').text).toBe('overdue by 4 days');
    expect(format.number(12_480)).toBe('12,480');
    expect(format.list(['a', 'b', 'c'])).toBe('a, b and c');
  });
});
