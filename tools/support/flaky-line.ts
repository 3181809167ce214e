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
  /**
   * Carries what is asked and loses what is answered, until {@link mend}: what was asked happens all the same. The
   * answer to the first message of a connection still passes, so that TLS can begin on a new one.
   */
  swallowAnswers(): void;
  /** Carries so many bytes a second in each direction, until {@link mend}. */
  slowDown(bytesPerSecond: number): void;
  /** Says to the laptop that nothing more comes, and takes what it still sends without passing it on, until {@link mend}. */
  halfClose(): void;
  /** Ends every connection after it has answered so many more bytes, each, until {@link mend}. */
  cutAnswersAfter(bytes: number): void;
  mend(): void;
  close(): Promise<void>;
}

export async function layLine(servicePort: number): Promise<FlakyLine> {
  const sockets = new Set<Socket>();
  const laptops = new Set<Socket>();
  let isCut = false;
  let swallows = false;
  let isHalfClosed = false;
  let bytesPerSecond = Number.POSITIVE_INFINITY;
  let limit = Number.POSITIVE_INFINITY;

  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  /** Hands bytes over when the line has had the time for them. */
  const carrierTo = (to: Socket) => {
    let freeAtMs = 0;
    return (bytes: Buffer): void => {
      const nowMs = performance.now();
      if (bytesPerSecond === Number.POSITIVE_INFINITY && freeAtMs <= nowMs) return void to.write(bytes);
      freeAtMs = Math.max(freeAtMs, nowMs) + (bytes.length / bytesPerSecond) * 1_000;
      setTimeout(() => to.destroyed || to.write(bytes), freeAtMs - nowMs);
    };
  };
  const server = createServer({ allowHalfOpen: true }, (laptop) => {
    if (isCut) return void laptop.resetAndDestroy();
    const service = connect(servicePort, '127.0.0.1');
    hold(laptop);
    laptops.add(laptop);
    laptop.on('close', () => laptops.delete(laptop));
    hold(service);
    const [toService, toLaptop] = [carrierTo(service), carrierTo(laptop)];
    let answered = 0;
    let messages = 0;
    if (isHalfClosed) laptop.end();
    laptop.on('data', (bytes) => {
      messages += 1;
      if (!isHalfClosed) toService(bytes);
    });
    laptop.on('end', () => laptop.destroy());
    service.on('data', (bytes) => {
      if (isHalfClosed || (swallows && messages > 1)) return;
      answered += bytes.length;
      toLaptop(bytes);
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
    slowDown(perSecond) {
      bytesPerSecond = perSecond;
    },
    halfClose() {
      isHalfClosed = true;
      for (const socket of laptops) socket.end();
    },
    cutAnswersAfter(bytes) {
      limit = bytes;
      cutAll();
    },
    mend() {
      isCut = false;
      swallows = false;
      isHalfClosed = false;
      bytesPerSecond = Number.POSITIVE_INFINITY;
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
