/**
 * The Chromium that tests and screenshots drive. Where the registry's headless build runs (Linux on x64) it is
 * that one, so that everybody sees the same pixels; elsewhere, or where TMA_BROWSER says so, an installed browser.
 * The build is unpacked once per version below `.tma`, whole or not at all.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { findBrowser } from './browsers.ts';
import { ToolError } from './tool-error.ts';

const run = promisify(execFile);

/** What `chromium.launch` of playwright-core needs. */
export interface ChromiumProgram {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: string[];
}

/** @throws {ToolError} when this platform has neither the build nor a browser of its own. */
export async function testChromium(root: string): Promise<ChromiumProgram> {
  // Chromium's own sandbox needs privileges that root in a container has given up.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const isBuildForUs = process.platform === 'linux' && process.arch === 'x64';
  if (!isBuildForUs || process.env.TMA_BROWSER !== undefined) {
    const executablePath = findBrowser();
    if (executablePath !== undefined) return { executablePath, env: currentEnv(), args };
    throw new ToolError(
      'The browser tests need Chrome, Chromium or Edge. Install one, or name it in TMA_BROWSER.',
    );
  }
  const folder = await unpacked(root);
  const executablePath = join(folder, 'chromium');
  return { executablePath, env: { ...currentEnv(), ...(await surroundings(folder, executablePath)) }, args };
}

async function unpacked(root: string): Promise<string> {
  const packageFile = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const version = await versionOf(packageFile);
  const folder = resolve(root, '.tma', 'chromium', version);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  // The package unpacks to the system's temporary folder and takes whatever lies there already for its own; in a
  // process with a temporary folder of its own there is nothing to find. It adds the libraries that a bare system
  // lacks only where it believes to run on AWS Lambda.
  const script = `import(${JSON.stringify(packageFile)}).then((module) => module.default.executablePath())`;
  const env = { ...process.env, TMPDIR: unfinished, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
  try {
    await run(process.execPath, ['-e', script], { env });
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

async function versionOf(packageFile: string): Promise<string> {
  for (let folder = dirname(packageFile); ; folder = dirname(folder)) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
    if (folder === dirname(folder)) throw new ToolError('The package @sparticuz/chromium is not installed.');
  }
}

/** What a bare system lacks: the libraries Chromium is linked to, and a font to draw with. */
async function surroundings(folder: string, executablePath: string): Promise<Record<string, string>> {
  const runs = await run(executablePath, ['--version']).then(
    () => true,
    () => false,
  );
  const libraries = runs ? {} : { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  if (existsSync('/etc/fonts/fonts.conf')) return libraries;
  const config = join(folder, 'fonts.conf');
  const folders = [join(folder, 'fonts'), '/usr/share/fonts'].map((each) => `<dir>${each}</dir>`).join('');
  const cache = `<cachedir>${join(folder, 'fonts-cache')}</cachedir>`;
  await writeFile(config, `<?xml version="1.0"?><fontconfig>${folders}${cache}</fontconfig>`);
  return { ...libraries, FONTCONFIG_FILE: config };
}

function currentEnv(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
