/** Builds the component gallery and serves it on loopback with the headers and the CSP of the product (E03, E04). */
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

export interface GalleryServer {
  /** Address of a part of the gallery. */
  url(part: string, options?: Readonly<Record<string, string>>): string;
  stop(): Promise<void>;
}

/** In a process of its own: the test runner's NODE_ENV would make a build that differs from the product's. */
async function buildGallery(): Promise<void> {
  const vite = fromProject('node_modules/vite/bin/vite.js');
  const env = { ...process.env, NODE_ENV: 'production' };
  const options = ['build', '--mode', 'gallery', '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, [vite, ...options], { env, cwd: fromProject('.') });
}

export async function serveGallery(): Promise<GalleryServer> {
  await buildGallery();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://gallery');
    const file = pathname === '/' ? '/gallery.html' : pathname;
    const type = types[file.split('.').at(-1) ?? ''];
    const isPlain = /^\/(assets\/)?[\w.-]+$/.test(file) && !file.includes('..');
    readFile(fromProject(`dist/gallery${isPlain && type !== undefined ? file : '/missing'}`)).then(
      (bytes) => response.writeHead(200, { ...securityHeaders(), 'Content-Type': type }).end(bytes),
      () => response.writeHead(404, securityHeaders()).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: (part, options = {}) => `http://127.0.0.1:${port}/?${new URLSearchParams({ part, ...options })}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
