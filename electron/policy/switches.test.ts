import { describe, expect, test } from 'vitest';
import { coreEnvironment } from './environment.ts';
import { refusedStart, type StartConditions } from './switches.ts';

const start = (changes: Partial<StartConditions>) =>
  refusedStart({ packaged: true, platform: 'linux', argv: [], env: {}, ...changes });

describe('E12 switches', () => {
  test.each([
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '-remote-debugging-port=9222',
    '--inspect',
    '--inspect-brk=0.0.0.0:9229',
    '--js-flags=--expose-gc',
    '--host-rules=MAP * 127.0.0.1',
    '--host-resolver-rules=MAP * 127.0.0.1',
    '--ignore-certificate-errors',
    '--ignore-certificate-errors-spki-list=x',
    '--proxy-server=http://127.0.0.1:8080',
    '--proxy-pac-url=http://x',
    '--ssl-key-log-file=/tmp/k',
    '--no-sandbox',
    '--disable-web-security',
    '--REMOTE-DEBUGGING-PORT=1',
  ])('refuses %s in a packaged program', (argument) => {
    expect(start({ argv: ['tma', argument] })).toHaveLength(1);
  });

  test('refuses the Windows spelling on Windows and takes it as a path elsewhere', () => {
    expect(start({ platform: 'win32', argv: ['/remote-debugging-port=1'] })).toHaveLength(1);
    expect(start({ argv: ['/inspect'] })).toEqual([]);
  });

  test.each(['SSLKEYLOGFILE', 'NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE'])(
    'refuses the variable %s, also when it is empty',
    (name) => {
      expect(start({ env: { [name]: '' } })).toEqual([name]);
    },
  );

  test('names what it found and never the value', () => {
    const found = start({
      argv: ['--proxy-server=http://secret@host'],
      env: { SSLKEYLOGFILE: '/home/name/k' },
    });
    expect(found).toEqual(['--proxy-server', 'SSLKEYLOGFILE']);
  });

  test('starts where nothing is wrong, and leaves a developer alone', () => {
    expect(start({ argv: ['tma', 'tma-workstation://open/1', '--hidden'], env: { PATH: '/bin' } })).toEqual(
      [],
    );
    expect(start({ packaged: false, argv: ['--inspect'], env: { NODE_OPTIONS: '-r x' } })).toEqual([]);
  });
});

describe('E12 the environment of the case process', () => {
  test('has what the system needs and nothing that steers Node, TLS or the network', () => {
    const env = {
      HOME: '/home/x',
      SystemRoot: 'C:\\Windows',
      PATH: '/bin',
      NODE_OPTIONS: '--require x',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      SSLKEYLOGFILE: '/tmp/keys',
      HTTPS_PROXY: 'http://proxy',
      https_proxy: 'http://proxy',
      LD_PRELOAD: '/tmp/x.so',
      UNSET: undefined,
    };
    expect(coreEnvironment(env)).toEqual({ HOME: '/home/x', SystemRoot: 'C:\\Windows' });
  });
});
