/**
 * Carries the files of evidence between this laptop and the service, beside the changes and never in their way. What
 * was added here is sent after the change about it, part by part; a break, a lock or a kill loses no more than the
 * part under way, because the service says which parts it has. What others added is fetched when somebody wants it.
 */

import { toBase64Url } from '../../../shared/bytes.ts';
import { TmaError, toTmaError } from '../../../shared/errors.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { type BlobContent, blobContentSchema, blobPartSize } from '../../../shared/sync/blobs.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import { viewRecord } from '../../../shared/sync/view.ts';
import type { CoreDeps } from '../process/coreDeps.ts';
import type { BlobService } from '../service/client.ts';
import { loadRecord } from '../storage/recordStore.ts';
import type { VaultTables } from '../storage/tables.ts';
import { nextDelayMs } from '../sync/backOff.ts';
import type { SealedFiles } from '../vault/attachments/sealedFiles.ts';
import type { OpenVault, VaultClock } from '../vault/types.ts';

export interface Carrier {
  /** The service was reached, or something was added: sends what waits. */
  wake(): void;
  /**
   * Brings a file here; at once when it is.
   * @throws TmaError `evidence.not-here` when the service does not have it (yet), `service.*`, `vault.disk-full`.
   */
  fetch(wanted: FetchWanted): Promise<void>;
  /** Nothing touches the vault once it resolves. */
  stop(): Promise<void>;
}

export interface FetchWanted {
  readonly caseId: CaseId;
  readonly recordId: RecordId;
  readonly content: BlobContent;
}

export interface CarrierDeps {
  readonly vault: OpenVault<VaultTables>;
  readonly files: SealedFiles;
  readonly service: BlobService;
  readonly crypto: Pick<SyncCrypto, 'sha256'>;
  readonly clock: VaultClock;
  readonly random: () => number;
  readonly emit: CoreDeps['emit'];
  /** Whether the person works offline on purpose. */
  readonly isHeld: () => Promise<boolean>;
}

interface Waiting {
  readonly file: string;
  readonly case_id: CaseId;
  readonly record_id: RecordId;
}

export function createCarrier(deps: CarrierDeps): Carrier {
  const { vault, files, service, crypto, clock, emit } = deps;
  const ending = new AbortController();
  const { signal } = ending;
  const fetches = new Map<string, Promise<void>>();
  let sending: Promise<void> | null = null;
  let failures = 0;
  let cancelRetry: () => void = () => undefined;

  const moved = (caseId: CaseId): void => emit('cases', { caseIds: [caseId], origin: 'here' });

  const sendFile = async (waiting: Waiting): Promise<void> => {
    const record = await loadRecord(vault.db, waiting.case_id, waiting.record_id);
    const content = blobContentSchema.safeParse(record && viewRecord(record.state).values.content);
    if (!content.success) return;
    const { blob, parts } = content.data;
    const { stored } = await service.state(blob, signal);
    const totalBytes = content.data.sizeBytes;
    let doneBytes = 0;
    for (const part of parts.keys()) {
      if (!stored.includes(part)) {
        if (signal.aborted || (await deps.isHeld())) throw new TmaError('service.unreachable');
        emit('progress', { task: 'send', record: waiting.record_id, doneBytes, totalBytes });
        await service.put({ blob, part }, await files.readPart(waiting.file, part), signal);
      }
      doneBytes += blobPartSize(content.data, part);
    }
    emit('progress', { task: 'send', record: waiting.record_id, doneBytes, totalBytes });
    await vault.write((tx) =>
      tx.updateTable('attachments').set({ is_sent: 1 }).where('file', '=', waiting.file).execute(),
    );
    moved(waiting.case_id);
  };

  const sendAll = async (): Promise<void> => {
    if (await deps.isHeld()) return;
    const waiting = await vault.db
      .selectFrom('attachments')
      .select(['file', 'case_id', 'record_id'])
      .where('is_sent', '=', 0)
      .execute();
    let failed: TmaError | null = null;
    for (const one of waiting) {
      if (signal.aborted) return;
      try {
        await sendFile(one);
      } catch (thrown) {
        failed = toTmaError(thrown);
        // Without the service there is nothing to try for the others either.
        if (failed.code.startsWith('service.')) break;
      }
    }
    if (failed === null) failures = 0;
    else if (!signal.aborted) again(failed);
  };

  /** Also what the service refuses may be taken later: its change may still be on its way. */
  const again = (error: TmaError): void => {
    failures += 1;
    cancelRetry();
    cancelRetry = clock.after(nextDelayMs(error, failures, deps.random), wake);
  };

  const wake = (): void => {
    if (signal.aborted || sending !== null) return;
    cancelRetry();
    sending = sendAll()
      // A vault that is being closed; the next session goes on.
      .catch(() => undefined)
      .finally(() => {
        sending = null;
      });
  };

  const fetchFile = async ({ caseId, recordId, content }: FetchWanted): Promise<void> => {
    const { blob, file, parts, sizeBytes } = content;
    const receiving = await files.receive(file);
    let doneBytes = 0;
    try {
      for (const [part, hash] of parts.entries()) {
        if (part >= receiving.parts) {
          const bytes = await service.get({ blob, part }, signal);
          if (toBase64Url(crypto.sha256(bytes)) !== hash) throw new TmaError('service.answer-invalid');
          await receiving.append(bytes);
          doneBytes += bytes.length;
        } else doneBytes = Math.round((sizeBytes * (part + 1)) / parts.length);
        emit('progress', { task: 'fetch', doneBytes, totalBytes: sizeBytes });
      }
      await receiving.finish();
    } finally {
      await receiving.close();
    }
    const row = { file, case_id: caseId, record_id: recordId, is_sent: 1 } as const;
    await vault.write((tx) =>
      tx
        .insertInto('attachments')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    );
    moved(caseId);
  };

  return {
    wake,
    async fetch(wanted) {
      if (await deps.isHeld()) throw new TmaError('evidence.not-here');
      const { file } = wanted.content;
      const underWay = fetches.get(file) ?? fetchFile(wanted).finally(() => fetches.delete(file));
      fetches.set(file, underWay);
      try {
        await underWay;
      } catch (thrown) {
        const error = toTmaError(thrown);
        // Not sent yet by whoever has it, or no longer to be seen.
        throw error.code === 'not-found' ? new TmaError('evidence.not-here', undefined, error) : error;
      }
    },
    async stop() {
      ending.abort();
      cancelRetry();
      await sending;
      await Promise.allSettled(fetches.values());
    },
  };
}
