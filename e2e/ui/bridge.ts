/**
 * A stand-in for the bridge of Electron (`window.tma`), with answers of a laptop that is open. The window under
 * test is the real one; what lies behind the bridge is tested by the path end to end.
 */
import type { OutputOf, ProcedureName } from '../../shared/contract/procedures.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { CaseId, DeviceId, TenantId, UserId } from '../../shared/ids.ts';

export const caseId = '019a0000-0000-7000-8000-000000000147' as CaseId;

export const session: OutputOf<'session.get'> = {
  phase: 'unlocked',
  user: { id: '019a0000-0000-7000-8000-000000000001' as UserId, name: 'Carla Nowak', role: 'specialist' },
  tenant: { id: '019a0000-0000-7000-8000-000000000002' as TenantId, name: 'Werke Rhein' },
  device: { id: '019a0000-0000-7000-8000-000000000003' as DeviceId, label: 'Laptop 17' },
  lockedSince: null,
  lastSyncAt: '2026-11-23T14:31:00.000Z',
  attemptsLeft: 10,
  notice: null,
  retryAt: null,
  trouble: null,
  unsent: null,
  work: null,
  hasEscrow: false,
  idleLockMinutes: 5,
  emergency: [],
  identity: null,
  signIn: null,
  settings: { language: 'de', theme: 'light' },
  program: '0.1.0',
};

export const day: OutputOf<'day.get'> = {
  glass: [],
  tasks: [
    {
      type: 'triage',
      caseId,
      recordId: null,
      number: null,
      caseTitle: 'Anonyme Meldung, Standort Bonn',
      title: null,
      detail: null,
      level: null,
      dueAt: '2026-11-23T13:00:00.000Z',
    },
    {
      type: 'reassess',
      caseId,
      recordId: null,
      number: '2026-0147',
      caseTitle: 'Drohungen nach Versetzung, Werk 3',
      title: null,
      detail: null,
      level: 'high',
      dueAt: '2026-11-23T17:00:00.000Z',
    },
  ],
  recent: [],
  counts: { reports: 4, cases: 23, conflicts: 1, open: 7, overdue: 1 },
};

const sync: OutputOf<'sync.get'> = {
  state: 'offline',
  heldOffline: false,
  unsent: 3,
  oldestUnsentAt: '2026-11-23T13:40:00.000Z',
  refused: 0,
  refusedToRead: 0,
  setAside: 0,
  offlineSince: '2026-11-23T08:12:00.000Z',
  lastSuccessAt: '2026-11-23T08:12:00.000Z',
  nextTryAt: null,
  error: null,
  skewMs: null,
  restored: null,
  progress: null,
};

export type Answers = { readonly [N in ProcedureName]?: OutputOf<N> | { readonly fails: ErrorCode } };

const usual: Answers = {
  'session.get': session,
  'day.get': day,
  'sync.get': sync,
  'cases.list': { lines: [], total: 0 },
  'conflicts.list': { lines: [] },
  'directory.get': { users: [], devices: [] },
  'search.query': { hits: [], filling: null },
  'session.lock': {},
};

/** The script to run in the page before its own; it keeps what was called in `window.called`, with the input in `window.given`. */
export function bridgeScript(answers: Answers = {}): string {
  const all = { ...usual, ...answers };
  return `
    const answers = ${JSON.stringify(all)};
    const listeners = {};
    window.called = [];
    window.given = [];
    window.emit = (name, payload) => { for (const each of listeners[name] ?? []) each(payload); };
    window.tma = {
      call: new Proxy({}, { get: (_, name) => async (input) => {
        window.called.push(name);
        window.given.push([name, input]);
        const answer = answers[name];
        if (answer === undefined) return { ok: false, error: { code: 'not-found' } };
        if (answer.fails) return { ok: false, error: { code: answer.fails } };
        return { ok: true, value: answer };
      } }),
      on(name, listener) {
        (listeners[name] ??= new Set()).add(listener);
        return () => listeners[name].delete(listener);
      },
    };
  `;
}
