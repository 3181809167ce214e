import { describe, expect, test } from 'vitest';
import { caseOfArguments, caseOfLink } from './links.ts';

const id = '01900000-0000-7000-8000-000000000001';
const good = `tma-workstation://case/${id}`;

describe('E16 links', () => {
  test('name one case by its id', () => {
    expect(caseOfLink(good)).toBe(id);
    expect(caseOfLink(`${good}/`)).toBe(id);
  });

  test.each([
    '',
    'tma-workstation:',
    'tma-workstation://case/',
    `tma-workstation://case/${id}/measures`,
    `tma-workstation://case/${id}?edit=1`,
    `tma-workstation://case/${id}#x`,
    `tma-workstation://case/${id}\n`,
    `tma-workstation://case/${id}%00`,
    `tma-workstation://case/../${id}`,
    `tma-workstation://user@case/${id}`,
    `tma-workstation://unlock/${id}`,
    `TMA-WORKSTATION://case/${id}`,
    ` ${good}`,
    `https://case/${id}`,
    `tma-workstation://case/${id.replace('-7', '-4')}`,
    `tma-workstation://case/${id.replaceAll('0', '٠')}`,
    'tma-workstation://case/<script>alert(1)</script>',
    `tma-workstation://case/${id}${'0'.repeat(100_000)}`,
  ])('say nothing else: %j', (link) => {
    expect(caseOfLink(link)).toBeNull();
  });

  test('are found in a command line, where there is one and only one', () => {
    expect(caseOfArguments(['tma', '--hidden', good])).toBe(id);
    expect(caseOfArguments(['tma'])).toBeNull();
    expect(caseOfArguments(['tma', good, good])).toBeNull();
    expect(caseOfArguments(['tma', good, 'TMA-workstation://other'])).toBeNull();
  });
});
