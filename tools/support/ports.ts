/** Loopback ports: which are free, and which one a folder used last time. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { systemCode, ToolError } from './tool-error.ts';

const LOOPBACK = '127.0.0.1';

/** Whether a server could listen on that loopback port now. `0` always can. */
export function isPortFree(port: number): Promise<boolean> {
  return tryListen(port).then((bound) => bound !== undefined);
}

/** A loopback port nobody listens on, chosen by the operating system. */
export async function freePort(): Promise<number> {
  const port = await tryListen(0);
  if (port === undefined) throw new ToolError('The system gave no free port on 127.0.0.1.');
  return port;
}

/**
 * The port a folder used before if it is still free, else a new one; remembered in `file` either way, so that
 * addresses stay the same from one start to the next.
 */
export async function rememberedPort(file: string): Promise<number> {
  const before = await readPort(file);
  if (before !== undefined && (await isPortFree(before))) return before;
  const port = await freePort();
  await writeFile(file, `${port}\n`);
  return port;
}

/** Says in one sentence that a port somebody asked for is taken. */
export async function requireFreePort(port: number, option: string): Promise<void> {
  if (await isPortFree(port)) return;
  throw new ToolError(
    `Port ${port} on 127.0.0.1 is already in use by another program. Nothing was started. ` +
      `Choose another with ${option}, or leave ${option} out and a free one is taken.`,
  );
}

async function readPort(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const port = Number.parseInt(text, 10);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = systemCode(error);
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}
