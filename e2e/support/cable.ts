/**
 * The network between one laptop and the service: a relay of bytes that can be unplugged. TLS goes through it
 * untouched, so what a laptop meets is a network that is gone, not one that lies.
 */
import { connect, createServer, type Socket } from 'node:net';

export interface Cable {
  /** Where the laptop finds the service, on 127.0.0.1. */
  readonly port: number;
  /** Cuts every connection and refuses new ones. */
  unplug(): void;
  plugIn(): void;
  close(): Promise<void>;
}

export async function layCable(servicePort: number): Promise<Cable> {
  const sockets = new Set<Socket>();
  let isPlugged = true;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A reset is what a cut cable looks like; the other end is told by the close.
    socket.on('error', () => socket.destroy());
  };
  const cutAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((laptop) => {
    keep(laptop);
    if (!isPlugged) {
      laptop.resetAndDestroy();
      return;
    }
    const service = connect(servicePort, '127.0.0.1');
    keep(service);
    laptop.pipe(service).pipe(laptop);
    laptop.on('close', () => service.destroy());
    service.on('close', () => laptop.destroy());
  });
  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', ready);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    unplug() {
      isPlugged = false;
      cutAll();
    },
    plugIn() {
      isPlugged = true;
    },
    async close() {
      cutAll();
      await new Promise((done) => server.close(done));
    },
  };
}
