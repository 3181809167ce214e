import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import type { AnswerMessage } from '../../../shared/contract/messages.ts';
import { restartDelayMs } from './backOff.ts';
import type { Defect, SecretStore } from './control.ts';
import type { CoreChild } from './coreLife.ts';
import { forkCore } from './nodeChild.ts';
import { createRelay } from './relay.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

const entry = fileURLToPath(new URL('./testCore.test-support.ts', import.meta.url));
const after = (delayMs: number, run: () => void) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

function memorySecrets(): SecretStore & { kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    backend: 'memory',
    get: async (name) => kept.get(name) ?? null,
    set: async (name, value) => void kept.set(name, value),
    delete: async (name) => void kept.delete(name),
  };
}

const running: Supervisor[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((supervisor) => supervisor.stop()));
});

async function begin(programVersion = '1') {
  const children: CoreChild[] = [];
  const defects: Defect[] = [];
  const secrets = memorySecrets();
  const delaysMs: number[] = [];
  const supervisor = createSupervisor({
    spawn() {
      const child = forkCore(entry);
      children.push(child);
      return child;
    },
    config: {
      profileDir: '/nowhere',
      service: { url: 'https://127.0.0.1:1', caPem: 'none' },
      programVersion,
      driver: 'auto',
    },
    secrets,
    clock: {
      nowMs: () => performance.now(),
      after(delayMs, run) {
        delaysMs.push(delayMs);
        return after(delayMs, run);
      },
    },
    onDefect: (defect) => defects.push(defect),
  });
  running.push(supervisor);
  const relay = createRelay(supervisor, after);
  const answers: AnswerMessage[] = [];
  const waiting: (() => void)[] = [];
  const renderer = relay.connect((message) => {
    answers.push(message as AnswerMessage);
    for (const wake of waiting.splice(0)) wake();
  });
  let lastId = 0;
  const until = async (found: (answer: AnswerMessage) => boolean): Promise<AnswerMessage> => {
    for (;;) {
      const answer = answers.find(found);
      if (answer !== undefined) return answer;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const call = (procedure: string, input: unknown = {}): Promise<AnswerMessage> => {
    const id = ++lastId;
    renderer.receive({ type: 'call', id, procedure, input });
    return until((answer) => answer.type !== 'event' && answer.id === id);
  };
  const session = (wanted: Record<string, unknown>) =>
    until((a) => a.type === 'event' && a.name === 'session' && has(a.payload, wanted));
  return { supervisor, renderer, answers, children, delaysMs, defects, secrets, call, session, until };
}

function has(payload: unknown, wanted: Record<string, unknown>): boolean {
  return Object.entries(wanted).every(([key, value]) => (payload as Record<string, unknown>)[key] === value);
}

/** Milliseconds from now until the process is gone. */
function endOf(child: CoreChild | undefined): Promise<number> {
  const startedAtMs = performance.now();
  return new Promise((resolve) => child?.onExit(() => resolve(performance.now() - startedAtMs)));
}

const stopped = { type: 'error', error: { code: 'host.core-stopped' } };
const unlock = { passphrase: 'x' };

test('a renderer that connects is told the session first, and its calls are answered', async () => {
  const { supervisor, call, session } = await begin();
  await supervisor.start();
  await session({ phase: 'locked', notice: null });
  expect(await call('session.get')).toMatchObject({ type: 'value', value: { phase: 'locked' } });
});

test('calls made before the first process is ready wait for it', async () => {
  const { supervisor, call } = await begin();
  const early = call('session.get');
  await supervisor.start();
  expect(await early).toMatchObject({ type: 'value' });
});

test('a lock ends the process and a fresh, locked one takes its place for the same renderer', async () => {
  const { supervisor, call, children, answers } = await begin();
  await supervisor.start();
  await call('session.unlock', unlock);
  expect(supervisor.isUnlocked()).toBe(true);
  const ended = endOf(children[0]);
  expect(await call('session.lock')).toMatchObject({ type: 'value', value: {} });
  expect(await ended).toBeLessThan(2_000);
  expect(await call('session.get')).toMatchObject({
    type: 'value',
    value: { phase: 'locked', notice: null },
  });
  expect(children).toHaveLength(2);
  expect(supervisor.isUnlocked()).toBe(false);
  expect(answers).not.toContainEqual(expect.objectContaining({ error: { code: 'internal' } }));
});

test('the system going to sleep locks an open vault and leaves a locked one alone', async () => {
  const { supervisor, call, children, session } = await begin();
  await supervisor.start();
  supervisor.lock('suspend');
  expect(await call('session.get')).toMatchObject({ type: 'value' });
  expect(children).toHaveLength(1);
  await call('session.unlock', unlock);
  supervisor.lock('suspend');
  await session({ notice: 'suspended', phase: 'locked' });
  expect(children).toHaveLength(2);
});

test('a core that hangs while closing is ended all the same, within two seconds, as a lock', async () => {
  const { supervisor, call, children, session } = await begin('hangs');
  await supervisor.start();
  await call('session.unlock', unlock);
  const ended = endOf(children[0]);
  supervisor.lock('suspend');
  expect(await ended).toBeLessThan(2_000);
  await session({ notice: 'suspended' });
  expect(children).toHaveLength(2);
});

test('kill -9 answers the calls under way, restarts locked and tells the person', async () => {
  const { supervisor, call, session } = await begin();
  await supervisor.start();
  await call('session.unlock', unlock);
  const hanging = call('search.query', { text: 'hang' });
  const killing = call('search.query', { text: 'crash' });
  expect(await hanging).toMatchObject(stopped);
  expect(await killing).toMatchObject(stopped);
  await session({ phase: 'locked', notice: 'crashed' });
  expect(await call('day.get')).toMatchObject({ type: 'error', error: { code: 'vault.locked' } });
});

test('crash after crash is followed by a start after start', async () => {
  const { supervisor, call, children } = await begin();
  await supervisor.start();
  for (let round = 1; round <= 4; round++) {
    await call('session.unlock', unlock);
    await call('search.query', { text: 'crash' });
  }
  expect(await call('session.get')).toMatchObject({ type: 'value', value: { notice: 'crashed' } });
  expect(children).toHaveLength(5);
});

test('an error nobody expected ends the process, and its message reaches no log', async () => {
  const { supervisor, call, session, defects } = await begin();
  await supervisor.start();
  await call('session.unlock', unlock);
  await call('search.query', { text: 'throw' });
  await session({ notice: 'crashed' });
  expect(defects).toMatchObject([{ name: 'SyntaxError' }]);
  expect(defects[0]?.places.length).toBeGreaterThan(0);
  expect(JSON.stringify(defects)).not.toContain('canary');
});

test('secrets are kept by the host and survive the process', async () => {
  const { supervisor, call, secrets } = await begin();
  await supervisor.start();
  await call('session.unlock', { passphrase: 'remember' });
  expect([...secrets.kept.keys()]).toEqual(['test']);
  await call('session.lock');
  expect(await call('session.unlock', { passphrase: 'recall' })).toMatchObject({ type: 'value' });
  await call('session.unlock', { passphrase: 'forget' });
  expect(await call('session.unlock', { passphrase: 'recall' })).toMatchObject({
    type: 'error',
    error: { code: 'vault.secret-missing' },
  });
});

test('a keystore that refuses is reported by its code', async () => {
  const { supervisor, call, secrets } = await begin();
  secrets.get = async () => {
    throw new Error('a message of the system');
  };
  await supervisor.start();
  expect(await call('session.unlock', { passphrase: 'recall' })).toMatchObject({
    type: 'error',
    error: { code: 'vault.secret-missing' },
  });
});

test('a core that cannot be built says why, to the host and to the person', async () => {
  const { supervisor, call } = await begin('fails');
  await expect(supervisor.start()).rejects.toMatchObject({ code: 'vault.newer-schema' });
  expect(await call('session.get')).toMatchObject({ type: 'error', error: { code: 'vault.newer-schema' } });
});

test('a core that dies at every start is started again later each time', async () => {
  const { supervisor, children, delaysMs } = await begin('crashes');
  supervisor.start().catch(() => {});
  await vi.waitUntil(() => children.length === 4, { timeout: 20_000 });
  expect(delaysMs).toEqual([0, 250, 500]);
  expect(restartDelayMs(100)).toBe(10_000);
});

test('garbage from a renderer is answered with a code, and hurts nobody', async () => {
  const { supervisor, renderer, answers, call } = await begin();
  await supervisor.start();
  for (const garbage of [null, 7, 'x', [], {}, { type: 'call' }, { type: 'call', id: -1 }])
    renderer.receive(garbage);
  expect(await call('session.get')).toMatchObject({ type: 'value' });
  const refused = answers.filter((answer) => answer.type === 'error');
  expect(refused).toHaveLength(7);
  for (const answer of refused) expect(answer).toMatchObject({ error: { code: 'input.invalid' } });
});

test.skipIf(process.platform !== 'linux')('stopping leaves no process behind', async () => {
  const { supervisor, call } = await begin();
  await supervisor.start();
  await call('session.unlock', unlock);
  await supervisor.stop();
  expect(childrenOfThisProcess()).toEqual([]);
});

/** Live case processes started by this test process. */
function childrenOfThisProcess(): string[] {
  const tasks = readdirSync('/proc/self/task');
  return tasks.flatMap((task) => {
    const children = readChildren(task);
    return children.filter((pid) => commandLine(pid).includes('testCore'));
  });
}

function readChildren(task: string): string[] {
  return readText(`/proc/self/task/${task}/children`).split(' ').filter(Boolean);
}

function commandLine(pid: string): string {
  return readText(`/proc/${pid}/cmdline`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
