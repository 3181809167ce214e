/**
 * Serves the window or the component gallery, which it builds, on loopback, with the headers and the CSP of the
 * product (E03, E04).
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { securityHeaders } from '../../electron/policy/headers.ts';

const fromProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
};

export interface BuildServer {
  readonly origin: string;
  stop(): Promise<void>;
}

const builds = {
  window: { mode: 'production', folder: 'dist/renderer', page: '/index.html' },
  gallery: { mode: 'gallery', folder: 'dist/gallery', page: '/gallery.html' },
} as const;

export async function serveBuild(name: keyof typeof builds): Promise<BuildServer> {
  const { mode, folder, page } = builds[name];
  // The window was built before the first test.
  if (name !== 'window') await build(mode);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = pathname === '/' ? page : pathname;
    const type = types[file.split('.').at(-1) ?? ''];
    const isPlain = /^\/(assets\/)?[\w.-]+$/.test(file) && !file.includes('..');
    readFile(fromProject(`${folder}${isPlain && type !== undefined ? file : '/missing'}`)).then(
      (bytes) => response.writeHead(200, { ...securityHeaders(), 'Content-Type': type }).end(bytes),
      () => response.writeHead(404, securityHeaders()).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** In a process of its own: the test runner's NODE_ENV would make a build that differs from the product's. */
async function build(mode: string): Promise<void> {
  const vite = fromProject('node_modules/vite/bin/vite.js');
  const env = { ...process.env, NODE_ENV: 'production' };
  const options = ['build', '--mode', mode, '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, [vite, ...options], { env, cwd: fromProject('.') });
}
