/** One of our laptops as a process: an encrypted vault, and the engine that keeps it the same as the service. */
import { gzipSync } from 'node:zlib';
import type { Owner } from '../../electron/core/storage/meta.ts';
import { appendOwnChanges } from '../../electron/core/storage/ownChanges.ts';
import type { ServiceAddress } from '../../electron/core/sync/engine.types.ts';
import { readerThread } from '../../electron/core/sync/readerThread.ts';
import { openDesk, synced, takeReport } from '../../electron/core/sync/testing.ts';
import { nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { newId, type RecordId } from '../../shared/ids.ts';
import { signSegment } from '../../shared/sync/segment.ts';
import { carryOut } from './process.ts';
import { changesOfReport, noteText, type Size, type Weighed } from './workload.ts';

export interface LaptopSetting {
  readonly folder: string;
  /** Seed of the device's key, hexadecimal. */
  readonly seed: string;
  readonly owner: Owner;
  readonly service: ServiceAddress;
}

export type LaptopOrder =
  | ({ readonly name: 'write' } & Size)
  /** Answers with the bytes of one request's body. */
  | { readonly name: 'weigh' }
  /** Push and pull until both sides are the same. Answers with the changes of the log. */
  | { readonly name: 'sync' };

const setting = JSON.parse(process.argv[2] ?? '{}') as LaptopSetting; // given by `bench/sync.ts`
const signer = signerFromSeed(Buffer.from(setting.seed, 'hex'));
const desk = await openDesk({ ...setting, name: 'Anna', signer, startReader: readerThread(nodeCrypto) });

async function write({ cases, changesPerCase }: Size): Promise<void> {
  for (let at = 0; at < cases; at++) {
    const caseId = await takeReport(desk, `Meldung ${at}`);
    await desk.vault.write(async (tx) => {
      for (let n = 0; n < changesPerCase - changesOfReport; n++) {
        const record = newId<RecordId>(desk.workspace.author.ids);
        const fields = { text: { value: noteText(at, n), saw: [] } };
        // One by one: the edits of a day are no group.
        const drafts = [{ record, kind: 'note', op: 'create' as const, fields }];
        await appendOwnChanges(tx, desk.workspace.author, { caseId, drafts });
      }
    });
  }
}

async function weigh(): Promise<Weighed> {
  const drafts = await desk.log.pendingRuns({ maxChanges: 500, maxBytes: 1024 * 1024 });
  const segments = drafts.map((draft) => signSegment(draft, signer, nodeCrypto));
  const body = JSON.stringify({ epoch: setting.owner.tenantId, segments });
  return {
    rawBytes: Buffer.byteLength(body),
    packedBytes: gzipSync(body, { level: 4 }).length,
    changes: drafts.reduce((count, { changes }) => count + changes.length, 0),
  };
}

async function sync(): Promise<number> {
  const view = await synced(desk);
  if (view.state !== 'idle') throw new Error(JSON.stringify(view));
  const { count } = await desk.vault.db
    .selectFrom('log')
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

carryOut<LaptopOrder>(async (order) => {
  if (order.name === 'write') return write(order);
  return order.name === 'weigh' ? weigh() : sync();
});
