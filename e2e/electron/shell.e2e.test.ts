import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bridge } from '../../shared/contract/bridge.ts';
import { procedureNames } from '../../shared/contract/procedures.ts';
import { launch, launchWorkstation, runtime, type Workstation } from './launch.ts';

declare global {
  interface Window {
    readonly tma?: Bridge;
  }
}

const sessionView = { ok: true, value: expect.objectContaining({ phase: 'new' }) };

describe.skipIf(!runtime.found)('the shell in a real Electron', () => {
  let workstation: Workstation;
  const ask = () => workstation.page.evaluate(() => window.tma?.call['session.get']({}));

  beforeAll(async () => {
    workstation = await launchWorkstation();
  });
  afterAll(() => workstation.close());

  test('E02 shows the renderer from its own scheme', async () => {
    expect(workstation.page.url()).toMatch(/^app:\/\/tma\//);
  });

  test('E01 gives the page no Node and no Electron', async () => {
    const found = await workstation.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(found).toEqual([]);
  });

  test('E10 gives the page one frozen function per procedure, and they answer', async () => {
    const names = await workstation.page.evaluate(() => Object.keys(window.tma?.call ?? {}));
    expect(names).toEqual(procedureNames);
    const frozen = await workstation.page.evaluate(
      () => Object.isFrozen(window.tma) && Object.isFrozen(window.tma?.call),
    );
    expect(frozen).toBe(true);
    expect(await ask()).toEqual(sessionView);
  });

  test('E03 refuses inline script, eval and javascript: addresses', async () => {
    const ran = await workstation.page.evaluate(async () => {
      const script = document.createElement('script');
      try {
        script.textContent = 'globalThis.ran = "inline"';
        document.body.append(script);
      } catch {
        // Trusted Types refuse the text itself.
      }
      const link = document.createElement('a');
      link.href = 'javascript:void(globalThis.ran = "javascript:")';
      document.body.append(link);
      link.click();
      await new Promise((resolve) => setTimeout(resolve, 200));
      // In a turn of its own: what a debugger evaluates is exempt from the policy, what comes after is not.
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          try {
            // biome-ignore lint/security/noGlobalEval: it is to be refused
            eval('globalThis.ran = "eval"');
          } catch {
            // refused
          }
          resolve();
        });
      });
      return (globalThis as { ran?: string }).ran ?? null;
    });
    expect(ran).toBeNull();
  });

  test('E03 E08 lets no request leave', async () => {
    const reached = await workstation.page.evaluate(async () => {
      const tries = ['https://example.org/', 'http://127.0.0.1/', 'file:///etc/hostname', 'app://other/'];
      const answers = await Promise.allSettled(tries.map((url) => fetch(url, { mode: 'no-cors' })));
      return answers.filter(({ status }) => status === 'fulfilled').length;
    });
    expect(reached).toBe(0);
  });

  test('E05 neither navigates away nor opens a window', async () => {
    const { app, page } = workstation;
    await page.evaluate(() => {
      window.open('https://example.org/');
      location.href = 'https://example.org/';
    });
    await page.waitForTimeout(300);
    expect(page.url()).toMatch(/^app:\/\/tma\//);
    expect(app.windows()).toHaveLength(1);
  });

  test('E06 refuses every permission it is asked for', async () => {
    const states = await workstation.page.evaluate(async () => {
      const names = ['geolocation', 'camera', 'microphone', 'clipboard-read'] as const;
      const asked = names.map((name) => navigator.permissions.query({ name: name as PermissionName }));
      return (await Promise.allSettled(asked)).map((answer) =>
        answer.status === 'fulfilled' ? answer.value.state : 'denied',
      );
    });
    expect(new Set(states)).toEqual(new Set(['denied']));
  });

  test('E08 looks no name up for the page, and has no way out for its hints', async () => {
    const { app } = workstation;
    const found = await app.evaluate(async ({ session }) => {
      const page = session.fromPartition('tma');
      const resolved = await page.resolveHost('example.org').then(
        () => true,
        () => false,
      );
      return { resolved, proxy: await page.resolveProxy('https://example.org/') };
    });
    expect(found).toEqual({ resolved: false, proxy: expect.stringContaining('127.0.0.1:9') });
  });

  test('E13 has a title that says nothing', async () => {
    const titles = await workstation.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.getTitle()),
    );
    expect(titles).toEqual(['TMA Workstation']);
  });

  test('E14 gives nothing to the clipboard while there is no open vault', async () => {
    const answer = await workstation.page.evaluate(() => window.tma?.call['clipboard.copy']({ text: 'x' }));
    expect(answer).toEqual({ ok: false, error: { code: 'vault.locked' } });
  });

  test('E16 drops a link while there is no open vault', async () => {
    const { app, page } = workstation;
    await app.evaluate(({ app: electronApp }) => {
      const link = 'tma-workstation://case/01900000-0000-7000-8000-000000000001';
      electronApp.emit('second-instance', {}, ['tma', link]);
    });
    await page.waitForTimeout(300);
    expect(new URL(page.url()).hash).toBe('');
  });

  test('E16 a second program on the same profile ends by itself', async () => {
    const second = await launch(workstation.env).catch(() => null);
    if (second !== null && second.process().exitCode === null) {
      await new Promise((resolve) => second.process().once('exit', resolve));
    }
    expect(workstation.app.windows()).toHaveLength(1);
  });

  test('a case process that is killed is replaced, and the person is told', async () => {
    const { app, page } = workstation;
    const killed = await app.evaluate(({ app: electronApp }) => {
      const core = electronApp.getAppMetrics().find((metric) => metric.name === 'TMA case process');
      if (core === undefined) return false;
      process.kill(core.pid, 'SIGKILL');
      return true;
    });
    expect(killed).toBe(true);
    await expect
      .poll(async () => ((await ask()) as { value?: { notice?: string } }).value?.notice, { timeout: 10_000 })
      .toBe('crashed');
    expect(page.isClosed()).toBe(false);
  });
});
