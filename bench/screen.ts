/**
 * How long a person looks at nothing, and whether long lists are smooth. `npm run bench -- screen [rounds]`:
 * from the start of the preview host to the unlock screen of an enrolled laptop in a Chromium that is already
 * running, and the work of a frame while a list of ten thousand rows is scrolled. Beside the time on the clock stands
 * the time of the processor, which no other program on the machine can stretch.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { enrol } from '../e2e/journey/steps/gate.ts';
import { launchBrowser, openPage } from '../e2e/support/browser.ts';
import { startStack } from '../e2e/support/stack.ts';
import { serveBuild } from '../e2e/ui/buildServer.ts';
import { thisCheckout } from '../tools/run/places.ts';
import { secondsOfTree } from './service/processor.ts';

const rounds = Number(process.argv[2] ?? 11);
const frames = 300;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** An enrolled profile of its own, without the service it was enrolled at: a locked laptop asks nobody. */
async function enrolledProfile(folder: string): Promise<{ profile: string; ca: string }> {
  const stack = await startStack();
  try {
    const person = await stack.person('Jana Petersen', 'specialist');
    const laptop = await stack.laptop({ language: 'de', slowKdf: true });
    await enrol(laptop, {
      code: await stack.invite(person),
      label: 'Laptop 17',
      passphrase: 'blauer Fahrradhelm am Nordufer',
    });
    await laptop.preview.stop();
    const profile = join(folder, 'profile');
    await cp(laptop.profileDir, profile, { recursive: true });
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, stack.caPem);
    return { profile, ca };
  } finally {
    await stack.close();
  }
}

interface Start {
  readonly hostMs: number;
  readonly screenMs: number;
  /** Host and case process. */
  readonly processorMs: number;
  /** Main thread of the page. */
  readonly pageMs: number;
}

async function coldStart(browser: Browser, { profile, ca }: { profile: string; ca: string }): Promise<Start> {
  const { page } = await openPage(browser);
  const worked = await threadTime(page);
  const startedMs = performance.now();
  const args = ['tools/preview/cli.ts', '--profile', profile, '--service', 'https://localhost:1', '--ca', ca];
  const host = spawn(process.execPath, args, { cwd: thisCheckout, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let said = '';
    for await (const chunk of host.stdout) {
      said += String(chunk);
      if (/http:\S+\s/.test(said)) break;
    }
    const hostMs = performance.now() - startedMs;
    const before = await worked();
    await page.goto(/http:\S+/.exec(said)?.[0] ?? 'about:blank', { waitUntil: 'commit' });
    await page.locator('input[autocomplete="current-password"]').waitFor();
    const screenMs = performance.now() - startedMs;
    const pageMs = (await worked()) - before;
    const processorMs = (await secondsOfTree(host.pid ?? 0)) * 1_000;
    return { hostMs, screenMs, processorMs, pageMs };
  } finally {
    await page.context().close();
    host.kill('SIGTERM');
    await once(host, 'exit');
  }
}

/** Time the page's main thread has worked. */
async function threadTime(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
  };
}

/** Runs in the page. */
const scrolling = `(async () => {
  const scroller = document.querySelector('[data-row="0"]').closest('table').parentElement;
  for (let frame = 0; frame < ${frames}; frame += 1) {
    scroller.scrollTop += 120;
    await new Promise(requestAnimationFrame);
  }
})()`;

/** Work of the main thread for one frame, scrolling by three rows a frame. */
async function frameMs(browser: Browser): Promise<number> {
  const server = await serveBuild('gallery');
  try {
    const { page } = await openPage(browser, { width: 1440, height: 900 });
    await page.goto(`${server.origin}/?${new URLSearchParams({ part: 'rows', theme: 'light' })}`);
    await page.locator('[data-row="0"]').waitFor();
    const worked = await threadTime(page);
    const before = await worked();
    await page.evaluate(scrolling);
    return ((await worked()) - before) / frames;
  } finally {
    await server.stop();
  }
}

/** Of what the first screen loads: the page and whatever it names, and the style sheets. */
function firstLoadKilobytes(): number {
  const folder = join(thisCheckout, 'dist', 'renderer');
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = readdirSync(join(folder, 'assets')).filter(
    (name) => page.includes(name) && /\.(js|css)$/.test(name),
  );
  const bytes = named.map((name) => gzipSync(readFileSync(join(folder, 'assets', name))).length);
  return bytes.reduce((sum, size) => sum + size, gzipSync(page).length) / 1_024;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const folder = await mkdtemp(join(tmpdir(), 'tma-bench-screen-'));
try {
  const files = await enrolledProfile(folder);
  const browser = await launchBrowser();
  try {
    const starts: Start[] = [];
    for (let round = 0; round <= rounds; round++) {
      const start = await coldStart(browser, files);
      // The first one also fills the caches of the system.
      if (round > 0) starts.push(start);
    }
    const of = (what: keyof Start) => Math.round(median(starts.map((start) => start[what])));
    const best = Math.round(Math.min(...starts.map(({ screenMs }) => screenMs)));
    const results = {
      coldStartMs: of('screenMs'),
      coldStartBestMs: best,
      hostMs: of('hostMs'),
      processorMs: of('processorMs') + of('pageMs'),
      frameMs: Number((await frameMs(browser)).toFixed(2)),
      firstLoadKilobytes: Math.round(firstLoadKilobytes()),
    };
    print(
      `Cold start to the unlock screen: median ${results.coldStartMs} ms, best ${best} ms (bar 1 500 ms)`,
    );
    print(`  of it until the host listens: ${results.hostMs} ms`);
    print(`  processor time of host, case process and page: ${results.processorMs} ms`);
    print(`Work of a frame, 10 000 rows: ${results.frameMs} ms (bar ${(1000 / 60).toFixed(1)} ms)`);
    print(`First load, gzip: ${results.firstLoadKilobytes} KB (bar 350 KB)`);
    print(`load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`);
    await mkdir(new URL('results/', import.meta.url), { recursive: true });
    const line = { at: new Date().toISOString(), rounds, load: loadavg(), ...results };
    await appendFile(new URL('results/screen.jsonl', import.meta.url), `${JSON.stringify(line)}\n`);
  } finally {
    await browser.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
