/**
 * A line between a laptop and a service that a test can cut, silence and shorten. It carries bytes and does not
 * look at them: TLS goes through it from end to end.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface FlakyLine {
  /** The service's address by way of this line. */
  readonly url: string;
  /** Ends every connection and takes no more until {@link mend}. */
  cut(): void;
  /** Carries what is asked and loses what is answered, until {@link mend}: what was asked happens all the same. */
  swallowAnswers(): void;
  /** Ends every connection after it has answered so many more bytes, each, until {@link mend}. */
  cutAnswersAfter(bytes: number): void;
  mend(): void;
  close(): Promise<void>;
}

export async function layLine(servicePort: number): Promise<FlakyLine> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let swallows = false;
  let limit = Number.POSITIVE_INFINITY;

  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((laptop) => {
    if (isCut) return void laptop.resetAndDestroy();
    const service = connect(servicePort, '127.0.0.1');
    hold(laptop);
    hold(service);
    let answered = 0;
    laptop.on('data', (bytes) => service.write(bytes));
    service.on('data', (bytes) => {
      if (swallows) return;
      answered += bytes.length;
      laptop.write(bytes);
      if (answered > limit) laptop.destroy();
    });
    laptop.on('close', () => service.destroy());
    service.on('close', () => laptop.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address
  return {
    url: `https://localhost:${port}`,
    cut() {
      isCut = true;
      cutAll();
    },
    swallowAnswers() {
      swallows = true;
    },
    cutAnswersAfter(bytes) {
      limit = bytes;
      cutAll();
    },
    mend() {
      isCut = false;
      swallows = false;
      limit = Number.POSITIVE_INFINITY;
      cutAll();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      cutAll();
      await closed;
    },
  };
}
