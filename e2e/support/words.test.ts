import { expect, it } from 'vitest';
import { word } from './words.ts';

it('reads the words of both languages, and fills in names', () => {
  expect(word('de', 'session:unlock.submit')).not.toBe(word('en', 'session:unlock.submit'));
  expect(word('en', 'session:enrol.welcome', { name: 'Ada' })).toContain('Ada');
});

it('does not let a test ask for a text that is not there', () => {
  expect(() => word('de', 'session:no.such.text')).toThrow('has no text session:no.such.text');
});
