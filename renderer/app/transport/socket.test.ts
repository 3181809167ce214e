import { describe, expect, it } from 'vitest';
import { reconnectDelayMs, type Socket, socketTransport } from './socket.ts';

function bench() {
  const sockets: (Socket & { sent: { id: number }[]; isClosed: boolean })[] = [];
  const downloads: string[] = [];
  const timers: { delayMs: number; run: () => void; isOff: boolean }[] = [];
  const transport = socketTransport({
    open() {
      const socket = {
        onopen: null,
        onclose: null,
        onmessage: null,
        sent: [] as { id: number }[],
        isClosed: false,
        send(text: string) {
          this.sent.push(JSON.parse(text) as { id: number });
        },
        close() {
          this.isClosed = true;
        },
      };
      sockets.push(socket);
      return socket;
    },
    after(delayMs, run) {
      const timer = { delayMs, run, isOff: false };
      timers.push(timer);
      return () => {
        timer.isOff = true;
      };
    },
    download: (path) => downloads.push(path),
    random: () => 0.5,
  });
  const socket = (at: number) => {
    const found = sockets.at(at);
    if (!found) throw new Error('no such socket');
    return found;
  };
  const answer = (at: number, message: unknown) => socket(at).onmessage?.({ data: JSON.stringify(message) });
  return { transport, sockets, timers, socket, answer, downloads };
}

describe('the socket to the case process', () => {
  it('gives each call its own answer, in whatever order they come', async () => {
    const { transport, socket, answer } = bench();
    socket(0).onopen?.();
    const first = transport.call('session.get', {});
    const second = transport.call('day.get', {});
    answer(0, { type: 'error', id: 2, error: { code: 'vault.locked' } });
    answer(0, { type: 'value', id: 1, value: 'session' });
    expect(await first).toEqual({ ok: true, value: 'session' });
    expect(await second).toEqual({ ok: false, error: { code: 'vault.locked' } });
  });

  it('keeps a call made before the line is there and sends it then', async () => {
    const { transport, socket, answer } = bench();
    const call = transport.call('session.get', {});
    expect(socket(0).sent).toEqual([]);
    socket(0).onopen?.();
    expect(socket(0).sent).toHaveLength(1);
    answer(0, { type: 'value', id: 1, value: 7 });
    expect(await call).toEqual({ ok: true, value: 7 });
  });

  it('answers calls under way with host.core-stopped when the line breaks, and opens a new line', async () => {
    const { transport, sockets, timers, socket } = bench();
    socket(0).onopen?.();
    const call = transport.call('day.get', {});
    socket(0).onclose?.();
    expect(await call).toEqual({ ok: false, error: { code: 'host.core-stopped' } });
    timers.at(-1)?.run();
    expect(sockets).toHaveLength(2);
  });

  it('waits longer after each failure, up to eight seconds, and starts over once it is connected', () => {
    const { sockets, timers, socket } = bench();
    for (const _ of [1, 2, 3]) {
      socket(-1).onclose?.();
      timers.at(-1)?.run();
    }
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([125, 250, 500]);
    expect(reconnectDelayMs(20, () => 0.999_999)).toBeLessThanOrEqual(8_000);
    socket(-1).onopen?.();
    socket(-1).onclose?.();
    expect(timers.at(-1)?.delayMs).toBe(125);
    expect(sockets).toHaveLength(4);
  });

  it('gives events to those who listen, across lines, until they stop', () => {
    const { transport, timers, socket, answer } = bench();
    const heard: unknown[] = [];
    const stop = transport.on('sync', (payload) => heard.push(payload));
    socket(0).onopen?.();
    answer(0, { type: 'event', name: 'sync', payload: 1 });
    socket(0).onclose?.();
    timers.at(-1)?.run();
    socket(1).onopen?.();
    answer(1, { type: 'event', name: 'sync', payload: 2 });
    stop();
    answer(1, { type: 'event', name: 'sync', payload: 3 });
    expect(heard).toEqual([1, 2]);
  });

  it('fetches a file the host hands out, and only from an address of its own', () => {
    const { socket, answer, downloads } = bench();
    socket(0).onopen?.();
    answer(0, { type: 'download', path: '/download/abc_123-X' });
    expect(downloads).toEqual(['/download/abc_123-X']);
    answer(0, { type: 'download', path: 'https://example.org/' });
    expect(downloads).toHaveLength(1);
    expect(socket(0).isClosed).toBe(true);
  });

  it('closes a line that sends what the contract does not know', () => {
    const { socket } = bench();
    socket(0).onopen?.();
    socket(0).onmessage?.({ data: '{"type":"surprise"}' });
    expect(socket(0).isClosed).toBe(true);
  });
});
