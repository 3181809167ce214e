import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine } from './combine.ts';

const joined = (base: string, mine: string, theirs: string) => combine({ base, mine, theirs }, 'de');

describe('two texts written apart', () => {
  it('are joined where they changed different places', () => {
    expect(
      joined(
        'Spricht häufig über die Leitung. Kommt pünktlich.',
        'Spricht täglich über die Leitung. Kommt pünktlich.',
        'Spricht häufig über die Leitung. Kommt kaum noch.',
      ),
    ).toBe('Spricht täglich über die Leitung. Kommt kaum noch.');
  });

  it('stand one after the other where both added at the same place, mine first', () => {
    expect(
      joined(
        'Spricht häufig über die Leitung.',
        'Spricht häufig über die Leitung, vernachlässigt Kontakte.',
        'Spricht häufig über die Leitung; zuletzt ruhiger.',
      ),
    ).toBe('Spricht häufig über die Leitung, vernachlässigt Kontakte; zuletzt ruhiger.');
  });

  it('are not joined where both changed the same words differently', () => {
    expect(joined('Er droht oft.', 'Er droht täglich.', 'Er droht selten.')).toBeNull();
  });

  it('are not joined where one took out what the other changed', () => {
    expect(joined('Er droht sehr oft.', 'Er droht.', 'Er droht sehr selten.')).toBeNull();
  });

  it('need no joining where one already says what both say', () => {
    expect(joined('Er droht.', 'Er droht oft.', 'Er droht oft.')).toBeNull();
    expect(joined('Er droht.', 'Er droht oft.', 'Er droht.')).toBeNull();
  });

  it('never lose a word that either added', () => {
    const words = fc.array(fc.constantFrom('Haus', 'Tür', 'Weg', 'Ruf', 'Brief'), { maxLength: 8 });
    const additions = fc.array(fc.tuple(fc.nat(8), fc.constantFrom('neu', 'laut', 'früh')), { maxLength: 3 });
    const withWords = (
      base: readonly string[],
      added: readonly (readonly [number, string])[],
      mark: string,
    ) =>
      added
        .reduce((text, [at, word]) => text.toSpliced(at % (text.length + 1), 0, word + mark), [...base])
        .join(' ');
    fc.assert(
      fc.property(words, additions, additions, (base, mine, theirs) => {
        const both = joined(base.join(' '), withWords(base, mine, 'A'), withWords(base, theirs, 'B'));
        if (both === null) return;
        for (const [, word] of mine) expect(both).toContain(`${word}A`);
        for (const [, word] of theirs) expect(both).toContain(`${word}B`);
        for (const word of base) expect(both).toContain(word);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});
