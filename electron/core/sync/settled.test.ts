import { describe, expect, it } from 'vitest';
import { newSigningSeed, nodeCrypto, signerFromSeed, systemIds } from '../../../platform/crypto.ts';
import { type CaseId, type ChangeId, type DeviceId, newId, type RecordId } from '../../../shared/ids.ts';
import { chainStart, sealChange, zeroHash } from '../../../shared/sync/change.ts';
import { effectiveStamp, toleranceMs } from '../../../shared/sync/clock.ts';
import { emptyLog, extendLog, type LogHead, signHead } from '../../../shared/sync/log.ts';
import { signChained } from '../../../shared/sync/segment.ts';
import type { PushedChange, SegmentOutcome } from '../../../shared/sync/wire.ts';
import { type Pushed, settledRun } from './settled.ts';

const caseId = newId<CaseId>(systemIds);
const device = newId<DeviceId>(systemIds);
const service = signerFromSeed(newSigningSeed());
const receivedAtMs = Date.UTC(2026, 10, 23, 9);

type Taken = Extract<SegmentOutcome, { outcome: 'taken' }>;

/** Two changes, the second by a clock that is a day ahead, as the service would answer for them after `here`. */
function pushed(here: LogHead = emptyLog, quarantined = false): Pushed & { readonly outcome: Taken } {
  const changes = [receivedAtMs - 1_000, receivedAtMs + 86_400_000].map((ms) =>
    sealChange(
      {
        head: {
          ...{
            id: newId<ChangeId>(systemIds),
            record: newId<RecordId>(systemIds),
            kind: 'note',
            op: 'create',
          },
          ...{ at: [ms, 0], schema: 1, seen: [0, ''] },
        },
        fields: { text: { value: 'x', saw: [] } },
      },
      nodeCrypto,
    ),
  );
  const signed = signChained(
    { caseId, device, prev: chainStart, changes },
    signerFromSeed(newSigningSeed()),
    nodeCrypto,
  );
  let head = here;
  const told = signed.points.map(({ n, hash }, i): PushedChange => {
    const at = [i === 0 ? receivedAtMs - 1_000 : receivedAtMs + 86_400_000, 0] as const;
    const status = quarantined ? ('quarantined' as const) : ('applied' as const);
    const effective = effectiveStamp(at, receivedAtMs);
    head = extendLog(head, { changeHash: hash, status, effective, receivedAtMs }, nodeCrypto);
    const why = quarantined ? { code: 'record.field-invalid' as const } : {};
    return { n, outcome: status, position: head.position, receivedAtMs, ...why };
  });
  return {
    ...signed,
    outcome: {
      outcome: 'taken',
      case: caseId,
      number: '2026-0001',
      changes: told,
      head: signHead(caseId, head, service),
    },
    here: { ...here, head: null },
  };
}

describe('the answer to a push', () => {
  it('tells what the log now holds, a clock that is ahead counted as the service counts it', () => {
    const sent = pushed();
    const run = settledRun(sent, nodeCrypto);
    expect(run?.entries).toEqual([
      { position: 1, status: 'applied', effective: [receivedAtMs - 1_000, 0], receivedAtMs },
      { position: 2, status: 'applied', effective: [receivedAtMs + toleranceMs, 0], receivedAtMs },
    ]);
    const { position, running } = sent.outcome.head;
    expect(run).toMatchObject({ number: '2026-0001', n: 1, after: emptyLog, cursor: { position, running } });
    expect(run?.signed).toEqual({ from: 1, to: 2, prev: zeroHash, sig: sent.segment.sig });
  });

  it('tells it of refused changes and of duplicates as well', () => {
    expect(settledRun(pushed(emptyLog, true), nodeCrypto)?.entries[0]).toMatchObject({
      ...{ status: 'quarantined', code: 'record.field-invalid' },
    });
    const { outcome, ...sent } = pushed();
    const changes = outcome.changes.map((change) => ({ ...change, outcome: 'duplicate' as const }));
    expect(settledRun({ ...sent, outcome: { ...outcome, changes } }, nodeCrypto)?.entries).toHaveLength(2);
  });

  it('is left to the next pull where changes of others stand between', () => {
    const { here: _, ...sent } = pushed({ position: 3, running: zeroHash });
    expect(
      settledRun({ ...sent, here: { position: 2, running: zeroHash, head: null } }, nodeCrypto),
    ).toBeUndefined();
    expect(settledRun({ ...sent, here: undefined }, nodeCrypto)).toBeUndefined();
  });

  it('is left to the next pull where an older service does not say enough', () => {
    const { outcome, ...sent } = pushed();
    const { number: _, ...unnumbered } = outcome;
    expect(settledRun({ ...sent, outcome: unnumbered }, nodeCrypto)).toBeUndefined();
    const changes = outcome.changes.map(({ receivedAtMs: _ms, ...change }) => change);
    expect(settledRun({ ...sent, outcome: { ...outcome, changes } }, nodeCrypto)).toBeUndefined();
  });

  it('is not believed where the signed head says something else', () => {
    const sent = pushed();
    const { outcome } = sent;
    const later = outcome.changes.map((change) => ({ ...change, receivedAtMs: receivedAtMs + 1 }));
    const another = signHead(caseId, { position: 2, running: zeroHash }, service);
    const moved = outcome.changes.map((change) => ({ ...change, position: change.position + 1 }));
    for (const wrong of [{ changes: later }, { head: another }, { changes: moved }]) {
      expect(settledRun({ ...sent, outcome: { ...outcome, ...wrong } }, nodeCrypto)).toBeUndefined();
    }
  });

  it('is not believed where it contradicts a head that was signed before', () => {
    const sent = pushed();
    for (const position of [1, 2, 7]) {
      const head = signHead(caseId, { position, running: zeroHash }, service);
      expect(settledRun({ ...sent, here: { ...emptyLog, head } }, nodeCrypto)).toBeUndefined();
    }
  });
});
