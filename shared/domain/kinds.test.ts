import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { TmaError } from '../errors.ts';
import type { Json } from '../json.ts';
import { type FieldSpec, fieldNamePattern, fieldSpec } from './fields.ts';
import { measureStatuses } from './kinds/measure.ts';
import { kindNames, kindSpec, kinds } from './kinds.ts';
import { concernLevels, isBelow, levelsSafestFirst, reassessAfterDays } from './levels.ts';
import { caseRoles } from './people.ts';
import { checkFieldEdit } from './validate.ts';
import {
  caseStatuses,
  endedStatuses,
  mayMove,
  reportStatuses,
  statusAfterTriage,
  statusesSafestFirst,
} from './workflow.ts';

const everyField = kindNames.flatMap((kind) => {
  const { fields, families } = kinds[kind];
  const family = Object.entries(families).map(([name, spec]) => [`${name}.some-item-1`, spec] as const);
  return [...Object.entries<FieldSpec>(fields), ...family].map(([name, spec]) => [kind, name, spec] as const);
});
const refusal = (code: string) => expect.objectContaining({ code }) as TmaError;

describe('the declared record kinds', () => {
  it.each(everyField)('%s.%s can travel, can be cleared and is found by its name', (kind, name, spec) => {
    expect(name).toMatch(fieldNamePattern);
    expect(fieldSpec(kinds[kind], name)).toBe(spec);
    if (spec.policy === 'set') expect(spec.schema.safeParse(null).success).toBe(false);
    else expect(spec.schema.safeParse(null).success).toBe(true);
    expect(spec.rank !== undefined).toBe(spec.policy === 'decision');
  });

  it('have no field under names that JavaScript objects are born with', () => {
    for (const name of [
      'constructor',
      'toString',
      '__proto__',
      'item',
      'item.',
      '.x',
      'nothing',
      '$removed',
    ]) {
      for (const kind of kindNames) expect(fieldSpec(kinds[kind], name)).toBeUndefined();
      expect(kindSpec(name)).toBeUndefined();
    }
  });

  it('rank every value of a decision differently, so that one is always the safer', () => {
    const ranked = (spec: FieldSpec, values: readonly Json[]) => values.map((value) => spec.rank?.(value));
    const all: readonly (readonly [FieldSpec, readonly Json[]])[] = [
      [kinds.case.fields.level, [...concernLevels, null]],
      [kinds.case.fields.status, [...caseStatuses, null]],
      [kinds.case.fields.imminent, [true, false, null]],
      [kinds.measure.fields.status, [...measureStatuses, null]],
      [kinds.member.fields.role, [...caseRoles, null]],
      [kinds.report.fields.emergency, [true, false, null]],
    ];
    for (const [spec, values] of all) {
      const ranks = ranked(spec, values);
      expect(new Set(ranks).size).toBe(values.length);
      // A value from a newer program may be the safest; a cleared decision protects nobody.
      expect(spec.rank?.('from a newer program')).toBeLessThan(Math.min(...ranks.map(Number)));
      expect(spec.rank?.(null)).toBe(Math.max(...ranks.map(Number)));
    }
  });
});

describe('what a person enters', () => {
  it('is taken when it fits the field', () => {
    expect(checkFieldEdit(kinds.case, 'level', 'high')).toBe('high');
    expect(checkFieldEdit(kinds.case, 'title', null)).toBeNull();
    const edit = { add: ['leakage'], remove: ['pathway'] };
    expect(checkFieldEdit(kinds.observation, 'behaviours', edit)).toEqual(edit);
    const answer = {
      coding: 'present',
      change: 'rising',
      confidence: 'high',
      lastObserved: '2026-11-20',
      note: '',
    };
    expect(checkFieldEdit(kinds.assessment, 'item.pathway', answer)).toEqual(answer);
  });

  it.each<[keyof typeof kinds, string, Json]>([
    ['case', 'level', 'very high'],
    ['case', 'title', 'x'.repeat(501)],
    ['observation', 'behaviours', ['leakage']],
    ['observation', 'behaviours', { add: ['shouting'], remove: [] }],
    ['observation', 'behaviours', { add: [], remove: [], also: [] }],
    ['observation', 'behaviours', { add: ['__proto__'], remove: [] }],
    ['observation', 'text', 'x'.repeat(50_001)],
    ['assessment', 'item.pathway', { coding: 'present' }],
    ['assessment', 'evidence.pathway', { add: ['not an id'], remove: [] }],
    ['measure', 'due', '2026-02-30'],
  ])('is refused for %s.%s when it does not', (kind, field, value) => {
    expect(() => checkFieldEdit(kinds[kind], field, value)).toThrow(refusal('record.field-invalid'));
  });

  it('is refused for a field that is not there', () => {
    const answer = { coding: 'present', change: null, confidence: null, lastObserved: null, note: '' };
    for (const field of ['item.', 'item.A b', 'item.a.b', `item.${'x'.repeat(65)}`]) {
      expect(() => checkFieldEdit(kinds.assessment, field, answer)).toThrow(refusal('record.field-unknown'));
    }
    expect(() => checkFieldEdit(kinds.case, 'colour', 'red')).toThrow(refusal('record.field-unknown'));
    expect(() => checkFieldEdit(kinds.case, 'constructor', 'red')).toThrow(refusal('record.field-unknown'));
  });
});

describe('levels and the life of a case', () => {
  it('orders every level and every status once', () => {
    expect(levelsSafestFirst.toSorted()).toEqual(concernLevels.toSorted());
    expect(statusesSafestFirst.toSorted()).toEqual(caseStatuses.toSorted());
    expect(Object.keys(reassessAfterDays).toSorted()).toEqual(concernLevels.toSorted());
  });

  it('asks for a reason only where a level falls below another', () => {
    expect(isBelow('low', 'insufficient')).toBe(true);
    expect(isBelow('moderate', 'elevated')).toBe(true);
    expect(isBelow('high', 'high')).toBe(false);
    expect(isBelow('high', 'low')).toBe(false);
  });

  it('reaches every status from the first, and leaves none without a way on', () => {
    const reached = new Set<string>(['received']);
    for (let round = 0; round < caseStatuses.length; round++) {
      for (const from of caseStatuses) {
        if (reached.has(from)) for (const to of caseStatuses) if (mayMove(from, to)) reached.add(to);
      }
    }
    expect([...reached].toSorted()).toEqual(caseStatuses.toSorted());
    for (const from of caseStatuses) expect(caseStatuses.some((to) => mayMove(from, to))).toBe(true);
    for (const status of caseStatuses) expect(mayMove(status, status)).toBe(false);
  });

  it('goes from every triage outcome to where its name says', () => {
    for (const from of reportStatuses) {
      for (const to of Object.values(statusAfterTriage)) expect(mayMove(from, to)).toBe(true);
      expect(mayMove(from, 'closed')).toBe(false);
    }
    for (const ended of endedStatuses) expect(mayMove(ended, 'gathering')).toBe(true);
  });
});

describe('every field schema', () => {
  it('can be described as JSON Schema, for the form, the API and the vault alike', () => {
    for (const [, , spec] of everyField)
      expect(() => z.toJSONSchema(spec.schema, { io: 'input' })).not.toThrow();
  });
});
