import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertPassphrase, judgePassphrase, maxPassphraseLength, minPassphraseLength } from './passphrase.ts';

describe('a passphrase', () => {
  it.each([
    ['kurz', 'vault.passphrase-short'],
    ['vierzehn zeich', 'vault.passphrase-short'],
    ['x'.repeat(129), 'vault.passphrase-long'],
    ['aaaaaaaaaaaaaaaaaaaa', 'vault.passphrase-common'],
    ['123456789012345678', 'vault.passphrase-common'],
    ['qwertzuiopasdfghjkl', 'vault.passphrase-common'],
    ['abcabcabcabcabcabcabc', 'vault.passphrase-common'],
    ['passwordpassword', 'vault.passphrase-common'],
    ['Passwort12345678', 'vault.passphrase-common'],
    ['Sommer2026Sommer2026', 'vault.passphrase-common'],
    ['TMA Workstation 2026', 'vault.passphrase-common'],
    ['correct horse battery staple', 'vault.passphrase-common'],
    ['Correct-Horse-Battery-Staple1!', 'vault.passphrase-common'],
    ['Anna Schmidt Musterwerke 1', 'vault.passphrase-common'],
  ])('%s is refused: %s', (passphrase, problem) => {
    const context = ['Anna Schmidt', 'Musterwerke'];
    expect(judgePassphrase(passphrase, context).problem).toBe(problem);
    expect(() => assertPassphrase(passphrase, context)).toThrow(expect.objectContaining({ code: problem }));
  });

  it.each([
    ['blauer Fahrradhelm am Nordufer', 'strong'],
    ['Kirschkuchenrezept', 'good'],
    ['lila Nashorn 7 Tee', 'good'],
    ['Passwort Nashornhaut', 'fair'],
    ['sieben Zwerge im Regen ohne Schirm', 'strong'],
    ['紫の犀が雨の中で静かに紅茶を飲む', 'good'],
    ['!%&/(=?)§$+#~<>|{}', 'good'],
  ])('%s is taken and called %s', (passphrase, strength) => {
    expect(judgePassphrase(passphrase, ['Anna Schmidt'])).toMatchObject({ strength });
    expect(() => assertPassphrase(passphrase, ['Anna Schmidt'])).not.toThrow();
  });

  it('is counted in characters, not in bytes or code units', () => {
    expect(judgePassphrase('👩🚒🌧🐘🎷🪁🧭🔭🧵🪣🥝🌵🎳🪐🛶').length).toBe(15);
    expect(judgePassphrase('é'.normalize('NFD').repeat(15)).length).toBe(15);
  });

  it('may be any 20 random letters; never anything outside 15 to 128', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 150 }), (text) => {
        const { length, problem } = judgePassphrase(text);
        if (length < minPassphraseLength) expect(problem).toBe('vault.passphrase-short');
        if (length > maxPassphraseLength) expect(problem).toBe('vault.passphrase-long');
      }),
      { seed: 4711 },
    );
    const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789');
    fc.assert(
      fc.property(fc.uniqueArray(letters, { minLength: 20, maxLength: 20 }), (text) => {
        expect(judgePassphrase(text.join('')).problem).toBeUndefined();
      }),
      { seed: 4711 },
    );
  });
});
