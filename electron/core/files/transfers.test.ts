import { beforeEach, describe, expect, it } from 'vitest';
import { createTransfers, type IncomingFile, type Transfers } from './transfers.ts';

let transfers: Transfers;
let timers: Set<() => void>;
let lastId = 0;
beforeEach(() => {
  timers = new Set();
  transfers = createTransfers({
    newId: () => `00000000-0000-7000-8000-${String(++lastId).padStart(12, '0')}`,
    after: (_delayMs, run) => {
      timers.add(run);
      return () => void timers.delete(run);
    },
  });
});

const begin = async (sizeBytes: number) => (await transfers.handlers['files.begin']({ sizeBytes })).transfer;
const put = (transfer: string, text: string) =>
  transfers.handlers['files.put']({ transfer, bytes: Buffer.from(text).toString('base64') });

async function textOf({ content }: IncomingFile): Promise<string> {
  let text = '';
  for await (const bytes of content) text += Buffer.from(bytes).toString();
  return text;
}

describe('a file on its way in', () => {
  it('arrives whole, and ends by its size', async () => {
    const transfer = await begin(9);
    const read = textOf(transfers.take(transfer));
    expect(await put(transfer, 'abc')).toEqual({ receivedBytes: 3 });
    expect(await put(transfer, 'defghi')).toEqual({ receivedBytes: 9 });
    expect(await read).toBe('abcdefghi');
    await expect(put(transfer, 'j')).rejects.toMatchObject({ code: 'files.interrupted' });
  });

  it('waits piece by piece for whoever takes it', async () => {
    const transfer = await begin(6);
    let answered = 0;
    const first = put(transfer, 'abc').then(() => answered++);
    await expect(put(transfer, 'def')).rejects.toMatchObject({ code: 'input.invalid' });
    const { content } = transfers.take(transfer);
    expect(Buffer.from((await content.next()).value ?? '').toString()).toBe('abc');
    expect(answered).toBe(0);
    const next = content.next();
    await first;
    expect(answered).toBe(1);
    void put(transfer, 'def');
    expect(Buffer.from((await next).value ?? '').toString()).toBe('def');
    expect((await content.next()).done).toBe(true);
  });

  it('is refused where more comes than was announced, and taken once', async () => {
    const transfer = await begin(2);
    await expect(put(transfer, 'abc')).rejects.toMatchObject({ code: 'input.invalid' });
    transfers.take(transfer);
    expect(() => transfers.take(transfer)).toThrow('files.interrupted');
    expect(() => transfers.take('unknown')).toThrow('files.interrupted');
  });

  it('counts as broken off when the person cancels it, or nothing comes for a minute', async () => {
    const cancelled = await begin(6);
    const reading = textOf(transfers.take(cancelled));
    await put(cancelled, 'abc').catch(() => undefined);
    await transfers.handlers['files.cancel']({ transfer: cancelled });
    await expect(reading).rejects.toMatchObject({ code: 'files.interrupted' });
    const silent = await begin(6);
    const waiting = textOf(transfers.take(silent));
    for (const run of [...timers]) run();
    await expect(waiting).rejects.toMatchObject({ code: 'files.interrupted' });
  });

  it('is told to whoever sends it when nobody wants the rest', async () => {
    const transfer = await begin(6);
    const { content } = transfers.take(transfer);
    const sent = put(transfer, 'abc');
    sent.catch(() => undefined);
    await content.next();
    const more = content.return(undefined);
    await more;
    await expect(put(transfer, 'def')).rejects.toMatchObject({ code: 'files.interrupted' });
    expect(timers.size).toBe(0);
  });

  it('does not keep the case process from others: only so many are open at once', async () => {
    for (let n = 0; n < 8; n++) await begin(1);
    await expect(begin(1)).rejects.toMatchObject({ code: 'input.rate-limited' });
  });
});
