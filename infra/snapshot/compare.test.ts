import { describe, expect, it } from 'vitest';
import { compare, lost } from './compare.ts';
import { layout } from './layout.ts';
import type { Template } from './template.ts';

describe('comparing the committed files with what the code makes', () => {
  it('finds nothing where they are the same', () => {
    expect(compare({ a: '1' }, { a: '1' })).toEqual([]);
  });

  it('names what is missing, what is left over, and the line of what differs', () => {
    expect(compare({ b: 'x', c: '1\n2\n3' }, { a: '', c: '1\n9\n3' })).toEqual([
      { file: 'a', what: 'is missing' },
      { file: 'b', what: 'is not made any more' },
      { file: 'c', what: 'differs', line: 2 },
    ]);
  });
});

describe('what holds data', () => {
  const bucket = (name: string): Template => ({
    Resources: { Evidence: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name } } },
  });

  it('is not lost by a change of its settings', () => {
    const changed = structuredClone(bucket('b'));
    Object.assign(changed.Resources.Evidence?.Properties ?? {}, { VersioningConfiguration: {} });
    expect(lost({ s: bucket('b') }, { s: changed })).toEqual([]);
  });

  it.each([
    ['removing it', { s: { Resources: {} } }],
    ['removing its stack', {}],
    ['another name', { s: bucket('c') }],
    [
      'another name in the template',
      { s: { Resources: { Other: bucket('b').Resources.Evidence } } as Template },
    ],
    ['another kind', { s: { Resources: { Evidence: { Type: 'AWS::SNS::Topic' } } } }],
  ])('is lost by %s', (_how, made) => {
    expect(lost({ s: bucket('b') }, made)).toEqual(['s: Evidence (AWS::S3::Bucket)']);
  });

  it('is not what can be made again', () => {
    const alarm: Template = { Resources: { A: { Type: 'AWS::CloudWatch::Alarm' } } };
    expect(lost({ s: alarm }, {})).toEqual([]);
  });
});

describe('the layout of templates', () => {
  it('is JSON of the same value, with what fits on a line on one', () => {
    const value = { Ref: 'Vpc', list: [1, 'two', null, {}], deep: { text: 'x'.repeat(120) } };
    const text = layout(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text.split('\n')).toContain('  "list": [1, "two", null, {}],');
  });
});
