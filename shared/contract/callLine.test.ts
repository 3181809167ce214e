import { beforeEach, expect, test } from 'vitest';
import { type CallLine, createCallLine } from './callLine.ts';
import type { AnswerMessage, CallMessage } from './messages.ts';

let delivered: AnswerMessage[];
let timers: (() => void)[];
let line: CallLine;
const call = (id: number): CallMessage => ({ type: 'call', id, procedure: 'day.get', input: {} });
const stopped = (id: number) => ({ type: 'error', id, error: { code: 'host.core-stopped' } });

beforeEach(() => {
  delivered = [];
  timers = [];
  line = createCallLine({
    deliver: (answer) => delivered.push(answer),
    after: (_delayMs, run) => {
      timers.push(run);
      return () => void timers.splice(timers.indexOf(run), 1);
    },
  });
});

test('a call made while there is no line goes out over the next one', () => {
  const sent: CallMessage[] = [];
  line.submit(call(1));
  line.attach((message) => sent.push(message));
  expect(sent).toEqual([call(1)]);
  line.receive({ type: 'value', id: 1, value: 7 });
  expect(delivered).toEqual([{ type: 'value', id: 1, value: 7 }]);
  expect(timers).toEqual([]);
});

test('a call under way when the line breaks is answered, once', () => {
  line.attach(() => {});
  line.submit(call(1));
  line.submit(call(2));
  line.receive({ type: 'value', id: 1, value: 7 });
  line.detach();
  line.receive({ type: 'value', id: 2, value: 8 });
  expect(delivered).toEqual([{ type: 'value', id: 1, value: 7 }, stopped(2)]);
});

test('a call is not kept for ever when no line comes', () => {
  line.submit(call(1));
  for (const run of [...timers]) run();
  expect(delivered).toEqual([stopped(1)]);
});

test('no more than a bounded number of calls waits', () => {
  for (let id = 1; id <= 300; id++) line.submit(call(id));
  expect(delivered).toHaveLength(300 - 256);
});

test('an event always gets through', () => {
  line.receive({ type: 'event', name: 'sync', payload: {} });
  expect(delivered).toHaveLength(1);
});

test('a call made while the other end closes waits for the next one, and what was under way is answered', () => {
  const sent: CallMessage[] = [];
  line.attach(() => {});
  line.submit(call(1));
  line.hold();
  line.submit(call(2));
  line.receive({ type: 'value', id: 1, value: 7 });
  line.detach();
  line.attach((message) => sent.push(message));
  expect(delivered).toEqual([{ type: 'value', id: 1, value: 7 }]);
  expect(sent).toEqual([call(2)]);
});

test('calls are told at once why there is no other end, until there is one', () => {
  const sent: CallMessage[] = [];
  const inUse = (id: number) => ({ type: 'error', id, error: { code: 'vault.in-use' } });
  line.submit(call(1));
  line.detach({ code: 'vault.in-use' });
  line.submit(call(2));
  expect(delivered).toEqual([inUse(1), inUse(2)]);
  expect(timers).toEqual([]);
  line.attach((message) => sent.push(message));
  line.submit(call(3));
  expect(sent).toEqual([call(3)]);
});
