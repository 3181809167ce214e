import { beforeEach, describe, expect, test } from 'vitest';
import { type EventName, eventNames } from '../../shared/contract/events.ts';
import type { CallMessage } from '../../shared/contract/messages.ts';
import type { PortNotice } from '../../shared/contract/ports.ts';
import { procedureNames } from '../../shared/contract/procedures.ts';
import { type BridgeParts, createBridge } from './bridge.ts';
import { followPorts, type Port } from './ports.ts';

let parts: BridgeParts;
let take: (notice: PortNotice, port: Port | undefined) => void;

beforeEach(() => {
  parts = createBridge({ procedureNames, eventNames, after: () => () => {} });
  take = followPorts(parts.line);
});

/** A port that answers each call with what it was asked. */
function port() {
  const sent: CallMessage[] = [];
  const made = {
    sent,
    closed: false,
    onmessage: null as Port['onmessage'],
    postMessage: (message: unknown) => void sent.push(message as CallMessage),
    close: () => {
      made.closed = true;
    },
    give: (data: unknown) => made.onmessage?.({ data }),
  };
  return made;
}

describe('E10 preload', () => {
  test('gives the page one function per procedure and one to listen, all frozen', () => {
    const { bridge } = parts;
    expect(Object.keys(bridge)).toEqual(['call', 'on']);
    expect(Object.keys(bridge.call)).toEqual(procedureNames);
    for (const value of [bridge, bridge.call, bridge.on, ...Object.values(bridge.call)]) {
      expect(Object.isFrozen(value)).toBe(true);
    }
    expect(() => Object.assign(bridge.call, { 'session.get': () => {} })).toThrow(TypeError);
  });

  test('carries a call over the port and its answer back', async () => {
    const line = port();
    take({ state: 'open' }, line);
    const answer = parts.bridge.call['session.get']({});
    expect(line.sent).toEqual([{ type: 'call', id: 1, procedure: 'session.get', input: {} }]);
    line.give({ type: 'value', id: 1, value: { phase: 'locked' } });
    expect(await answer).toEqual({ ok: true, value: { phase: 'locked' } });
  });

  test('passes an event as its payload alone, and only to those who still listen', () => {
    const line = port();
    take({ state: 'open' }, line);
    const heard: unknown[][] = [];
    const stop = parts.bridge.on('sync', (...args) => heard.push(args));
    line.give({ type: 'event', name: 'sync', payload: { unsent: 1 } });
    stop();
    line.give({ type: 'event', name: 'sync', payload: { unsent: 2 } });
    expect(heard).toEqual([[{ unsent: 1 }]]);
  });

  test('lets nobody listen to what is no event of the contract', () => {
    const line = port();
    take({ state: 'open' }, line);
    const heard: unknown[] = [];
    parts.bridge.on('tma:port' as EventName, (payload) => heard.push(payload));
    line.give({ type: 'event', name: 'tma:port', payload: 1 });
    line.give({ type: 'event', name: '__proto__', payload: 1 });
    expect(heard).toEqual([]);
  });

  test('moves to the port of the next case process; calls are answered, late answers are not', async () => {
    const [first, second] = [port(), port()];
    take({ state: 'open' }, first);
    const lost = parts.bridge.call['day.get']({});
    take({ state: 'gone', error: null }, undefined);
    expect(await lost).toEqual({ ok: false, error: { code: 'host.core-stopped' } });
    expect(first.closed).toBe(true);
    const early = parts.bridge.call['session.get']({});
    take({ state: 'open' }, second);
    first.give({ type: 'value', id: 2, value: 'of the old process' });
    second.give({ type: 'value', id: 2, value: 'of the new process' });
    expect(await early).toEqual({ ok: true, value: 'of the new process' });
  });

  test('waits while the case process closes, and says why when there will be none', async () => {
    const line = port();
    take({ state: 'open' }, line);
    take({ state: 'hold' }, undefined);
    const held = parts.bridge.call['session.get']({});
    expect(line.sent).toEqual([]);
    take({ state: 'gone', error: { code: 'vault.in-use' } }, undefined);
    expect(await held).toEqual({ ok: false, error: { code: 'vault.in-use' } });
  });

  test('is not confused by a notice without its port', () => {
    take({ state: 'open' }, undefined);
    expect(() => void parts.bridge.call['session.get']({})).not.toThrow();
  });
});
