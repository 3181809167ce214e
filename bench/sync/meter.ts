/** A wire between two processes of this machine that counts what passes. */
import { type AddressInfo, connect, createServer } from 'node:net';

export interface Meter {
  readonly port: number;
  /** So far, both ways. */
  readonly bytes: { up: number; down: number };
  close(): void;
}

export async function startMeter(towards: number): Promise<Meter> {
  const bytes = { up: 0, down: 0 };
  const server = createServer((client) => {
    const service = connect(towards, '127.0.0.1');
    client.on('data', (part) => {
      bytes.up += part.length;
    });
    service.on('data', (part) => {
      bytes.down += part.length;
    });
    client.pipe(service).pipe(client);
    for (const end of [client, service]) end.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address
  return { port, bytes, close: () => server.close() };
}
