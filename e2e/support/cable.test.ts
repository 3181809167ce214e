import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layCable } from './cable.ts';

let service: Server;
let port: number;
beforeAll(async () => {
  service = createServer((_request, response) => response.end('here'));
  await new Promise<void>((ready) => service.listen(0, '127.0.0.1', ready));
  const address = service.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => {
  service.closeAllConnections();
  service.close();
});

it('carries what is said until it is unplugged, and again once it is plugged in', async () => {
  const cable = await layCable(port);
  const ask = () => fetch(`http://127.0.0.1:${cable.port}/`).then((response) => response.text());
  expect(await ask()).toBe('here');
  cable.unplug();
  await expect(ask()).rejects.toThrow('fetch failed');
  cable.plugIn();
  expect(await ask()).toBe('here');
  await cable.close();
});
