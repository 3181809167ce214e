import { describe, expect, it } from 'vitest';
import type { CaseAccess } from '../../shared/sync/wire.ts';
import { openingOf, widest } from './openings.ts';

const access = (some: Partial<CaseAccess>): { readonly access: CaseAccess } => ({
  access: {
    ...{ grant: 1, standing: 'member', sections: null, compartments: [], untilMs: null, glass: [] },
    ...some,
  },
});

describe('what was open of a case when it was given out', () => {
  it('is the whole case for who leads it, sections for who was invited to some, and seals that were broken', () => {
    expect(openingOf({})).toBe('* reporter-identity,medical');
    expect(openingOf(access({}))).toBe('* ');
    expect(openingOf(access({ sections: { notes: 'write', persons: 'read' } }))).toBe('persons,notes ');
    expect(openingOf(access({ sections: {} }))).toBe('- ');
    const glass = [{ compartment: 'medical' as const, untilMs: 1 }];
    expect(openingOf(access({ compartments: ['reporter-identity'], glass }))).toBe(
      '* reporter-identity,medical',
    );
  });

  it('is told of a lost laptop as all that ever was', () => {
    const words = [access({ sections: { notes: 'read' } }), access({ sections: { persons: 'read' } })];
    expect(widest(words.map(openingOf))).toEqual({ sections: ['persons', 'notes'], compartments: [] });
    const broken = access({ sections: {}, glass: [{ compartment: 'medical', untilMs: 1 }] });
    expect(widest([...words, broken].map(openingOf))).toEqual({
      sections: ['persons', 'notes'],
      compartments: ['medical'],
    });
    expect(widest([openingOf({}), openingOf(access({ sections: {} }))]).sections).toBeNull();
    expect(widest([])).toEqual({ sections: [], compartments: [] });
  });
});
