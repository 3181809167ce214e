import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, isPortFree, rememberedPort, requireFreePort } from './ports.ts';

let dir: string;
let others: Server[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tma-ports-'));
  others = [];
});
afterEach(async () => {
  await Promise.all(others.map((server) => new Promise((done) => server.close(done))));
  rmSync(dir, { recursive: true, force: true });
});

function occupy(port: number): Promise<void> {
  const server = createServer();
  others.push(server);
  return new Promise((ready) => server.listen(port, '127.0.0.1', ready));
}

describe('a loopback port', () => {
  it('is free until somebody listens on it', async () => {
    const port = await freePort();
    expect(await isPortFree(port)).toBe(true);
    await occupy(port);
    expect(await isPortFree(port)).toBe(false);
  });

  it('stays the same from one start to the next', async () => {
    const first = await rememberedPort(join(dir, 'port'));
    expect(await rememberedPort(join(dir, 'port'))).toBe(first);
  });

  it('is another one, remembered from then on, when somebody took the old', async () => {
    const first = await rememberedPort(join(dir, 'port'));
    await occupy(first);
    const second = await rememberedPort(join(dir, 'port'));
    expect(second).not.toBe(first);
    expect(await rememberedPort(join(dir, 'port'))).toBe(second);
  });

  it('that was asked for and is taken is refused in words', async () => {
    const port = await freePort();
    await requireFreePort(port, '--port');
    await occupy(port);
    await expect(requireFreePort(port, '--port')).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is already in use by another program. Nothing was started.`,
    );
  });
});
