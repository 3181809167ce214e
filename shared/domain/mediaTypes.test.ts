import { describe, expect, it } from 'vitest';
import { evidenceName, shownAs, textTypeOf } from './mediaTypes.ts';

describe('the name of a piece of evidence', () => {
  it.each([
    ['Drohbrief.pdf', 'application/pdf', 'Drohbrief.pdf'],
    ['Foto.JPEG', 'image/jpeg', 'Foto.jpeg'],
    ['Foto.exe', 'image/jpeg', 'Foto.exe.jpg'],
    ['../../etc/passwd', 'text/plain', 'etc passwd.txt'],
    ['C:\\Users\\jana\\Brief.pdf', 'application/pdf', 'C Users jana Brief.pdf'],
    // Written right to left, so that it would read as a picture.
    ['Foto\u202Egpj.exe', 'application/pdf', 'Foto gpj.exe.pdf'],
    ['', 'application/pdf', 'file.pdf'],
    ['.pdf', 'application/pdf', 'pdf.pdf'],
    ['Brief\n\0.pdf', 'application/pdf', 'Brief.pdf'],
    [`${'lang'.repeat(100)}.pdf`, 'application/pdf', `${'lang'.repeat(100).slice(0, 150)}.pdf`],
  ])('%j of type %s is kept as %j', (given, mediaType, kept) => {
    expect(evidenceName(given, mediaType)).toBe(kept);
  });
});

it('texts are known by the end of their names, and nothing else is', () => {
  expect(textTypeOf('Chat.TXT')).toBe('text/plain');
  expect(textTypeOf('Mail.eml')).toBe('message/rfc822');
  for (const name of ['page.html', 'run.sh', 'app.js', 'icon.svg', 'README'])
    expect(textTypeOf(name)).toBeUndefined();
});

it('a screen shows pictures and texts, and hands everything else to other programs', () => {
  expect(shownAs('image/png')).toBe('image');
  expect(shownAs('text/csv')).toBe('text');
  for (const type of ['application/pdf', 'image/svg+xml', 'text/html', 'constructor', null]) {
    expect(shownAs(type)).toBeNull();
  }
});
