import { describe, expect, it } from 'vitest';
import { commands } from '../bootstrap/usage.mjs';
import { knownFlags, readFlags } from './flags.ts';

describe('the flags', () => {
  it('may all be left out', () => {
    expect(readFlags('start', [])).toEqual({
      host: undefined,
      profile: 'first',
      port: 0,
      servicePort: undefined,
      opens: true,
      loadsDemo: true,
      resets: false,
    });
    expect(readFlags('workstation', []).profile).toBe('second');
  });

  it('are read', () => {
    const argv = [
      '--host',
      'preview',
      '--profile=third',
      '--port',
      '8080',
      '--no-open',
      '--reset',
      '--no-demo',
    ];
    expect(readFlags('start', argv)).toMatchObject({
      host: 'preview',
      profile: 'third',
      port: 8080,
      opens: false,
      resets: true,
      loadsDemo: false,
    });
  });

  it.each([
    [['--host', 'browser'], /there are two hosts, electron and preview/],
    [['--port', 'eighty'], /a port is a number/],
    [['--port', '70000'], /a port is a number/],
    [['--colour'], /--colour.*--help shows what there is/s],
    [['reset'], /--help shows what there is/],
  ])('that will not do are refused in words: %j', (argv, message) => {
    expect(() => readFlags('start', argv)).toThrow(message);
  });

  it.each(Object.entries(knownFlags))('of %s are all explained by --help, and no others', (name, flags) => {
    const explained = [...(commands[name]?.usage.matchAll(/^ {2}--([a-z-]+)/gm) ?? [])].map(
      (match) => match[1],
    );
    expect(explained.toSorted()).toEqual([...flags, 'help'].toSorted());
  });
});
