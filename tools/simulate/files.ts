/**
 * Files of evidence in a run: added on one laptop, carried to the service part by part on a bad line, fetched by
 * others. Rarely one of more than one part, which takes its time. What a laptop says it has is whole, at every moment.
 */
import { createHash } from 'node:crypto';
import { addEvidence } from '../../electron/core/evidence/add.ts';
import { type Carrier, createCarrier } from '../../electron/core/evidence/carrier.ts';
import { findEvidence } from '../../electron/core/evidence/find.ts';
import { loadCaseRecords } from '../../electron/core/storage/recordStore.ts';
import { sealedFiles } from '../../electron/core/vault/attachments/sealedFiles.ts';
import { attachmentStore } from '../../electron/core/vault/attachments/store.ts';
import { nodeCrypto } from '../../platform/crypto.ts';
import { TmaError } from '../../shared/errors.ts';
import type { CaseId, RecordId } from '../../shared/ids.ts';
import { blobPartBytes } from '../../shared/sync/blobs.ts';
import { doing } from './acts.ts';
import { blobsOver } from './blobLine.ts';
import type { SimLaptop } from './laptop.ts';
import { casesOf } from './look.ts';
import { present, type World } from './world.ts';

interface Piece {
  readonly caseId: CaseId;
  readonly recordId: RecordId;
}

export async function addFile(world: World, laptop: SimLaptop): Promise<void> {
  const { aside } = world;
  const cases = await casesOf(laptop);
  if (cases.length === 0) return;
  const caseId = aside.pick(cases);
  const bytes = Buffer.alloc(
    aside.is(6) ? blobPartBytes + 5_000 : aside.between(1, 40_000),
    `${aside.next()} `,
  );
  const adding = {
    caseId,
    transfer: '',
    name: 'Notiz.txt',
    description: null,
    source: null,
    occurredAt: null,
  };
  const content = (async function* () {
    yield bytes;
  })();
  if (aside.is(20))
    laptop.power.fault = { at: aside.between(1, 20), when: aside.is(50) ? 'before' : 'after' };
  await doing(world, laptop, 'adds a file', async () => {
    const file = { sizeBytes: bytes.length, content, drop: () => undefined };
    await addEvidence(laptop.core.workspace, attachmentStore(laptop.folder), { adding, file }).catch(
      unlessTold,
    );
  });
}

/** Sends what waits; on a bad line as far as it comes. */
export async function carryFiles(world: World, laptop: SimLaptop, isCalm = false): Promise<void> {
  const waiting = await unsentFiles(laptop);
  if (waiting === 0) return;
  await doing(world, laptop, 'sends files', async () => {
    let isOver = false;
    let sent = 0;
    const carrier = carrierOf(world, laptop, {
      isCalm,
      onSent: () => {
        sent += 1;
      },
      onRetry: () => {
        isOver = true;
      },
    });
    carrier.wake();
    while (!isOver && sent < waiting && !laptop.power.isOff) await new Promise(setImmediate);
    await carrier.stop();
  });
}

/** Somebody wants to see a file that is not on this laptop. */
export async function fetchFile(world: World, laptop: SimLaptop): Promise<void> {
  const wanted = await piecesIn(laptop, (isHere) => !isHere);
  if (wanted.length > 0) await fetchOne(world, laptop, { piece: world.aside.pick(wanted), isCalm: false });
}

interface Fetching {
  readonly piece: Piece;
  readonly isCalm: boolean;
}

async function fetchOne(world: World, laptop: SimLaptop, { piece, isCalm }: Fetching): Promise<void> {
  await doing(world, laptop, 'fetches a file', async () => {
    const { content } = await findEvidence(laptop.core.vault.db, piece);
    const carrier = carrierOf(world, laptop, { isCalm, onSent: () => undefined, onRetry: () => undefined });
    await carrier.fetch({ ...piece, content }).catch(unlessTold);
    await carrier.stop();
  });
  if (laptop.fate !== 'gone') await checkWhole(world, laptop, piece);
}

interface Hooks {
  readonly isCalm: boolean;
  readonly onSent: () => void;
  readonly onRetry: () => void;
}

function carrierOf(world: World, laptop: SimLaptop, { isCalm, onSent, onRetry }: Hooks): Carrier {
  return createCarrier({
    vault: laptop.core.vault,
    files: sealedFiles(laptop.folder),
    service: blobsOver(world, laptop, isCalm),
    crypto: nodeCrypto,
    clock: {
      nowMs: () => laptop.nowMs(),
      after(_delayMs) {
        onRetry();
        return () => undefined;
      },
    },
    random: () => world.aside.next(),
    emit: (name) => {
      if (name === 'cases') onSent();
    },
    isHeld: async () => false,
  });
}

/** What the product says may come; everything else is a defect. */
function unlessTold(thrown: unknown): void {
  if (!(thrown instanceof TmaError) || thrown.code === 'internal') throw thrown;
}

export async function unsentFiles({ core }: SimLaptop): Promise<number> {
  const rows = await core.vault.db
    .selectFrom('attachments')
    .select('file')
    .where('is_sent', '=', 0)
    .execute();
  return rows.length;
}

/** The evidence that the cases here name, by whether its file is here. */
async function piecesIn(laptop: SimLaptop, wanted: (isHere: boolean) => boolean): Promise<readonly Piece[]> {
  const { db } = laptop.core.vault;
  const found: Piece[] = [];
  for (const caseId of await casesOf(laptop)) {
    const records = await loadCaseRecords(db, caseId);
    for (const { id, state } of records) {
      if (state.kind !== 'evidence') continue;
      const one = await findEvidence(db, { caseId, recordId: id }).catch(() => undefined);
      if (one !== undefined && wanted(one.isHere)) found.push({ caseId, recordId: id });
    }
  }
  return found;
}

/** A file that a laptop says it has opens from the first byte to the last, and is what its record says. */
async function checkWhole(world: World, laptop: SimLaptop, piece: Piece): Promise<void> {
  const found = await findEvidence(laptop.core.vault.db, piece).catch(() => undefined);
  if (found?.isHere !== true) return;
  const hash = createHash('sha256');
  try {
    for await (const bytes of attachmentStore(laptop.folder).read(found.attachment)) hash.update(bytes);
  } catch (thrown) {
    world.violate('files are whole', `${laptop.name}: ${piece.recordId} ${String(thrown)}`);
    return;
  }
  if (hash.digest('hex') !== found.view.values.sha256)
    world.violate('files are whole', `${laptop.name}: ${piece.recordId} is another file`);
}

/** What lies in the folder belongs to a case that is here. */
async function checkNoneLeft(world: World, laptop: SimLaptop): Promise<void> {
  const rows = await laptop.core.vault.db.selectFrom('attachments').select('file').execute();
  const known = new Set(rows.map(({ file }) => file));
  const left = (await attachmentStore(laptop.folder).list()).filter((file) => !known.has(file));
  if (left.length > 0)
    world.violate('nobody holds a case they lost', `${laptop.name} has files ${left.join()}`);
}

/** At the end: all that anybody holds is on the service, and whoever may see a case can have its files. */
export async function checkFiles(world: World): Promise<void> {
  const held = new Set<RecordId>();
  for (const laptop of present(world)) {
    await checkNoneLeft(world, laptop);
    const unsent = await unsentFiles(laptop);
    if (unsent > 0) world.violate('files drain by themselves', `${laptop.name} still holds ${unsent}`);
    for (const piece of await piecesIn(laptop, (isHere) => isHere)) {
      held.add(piece.recordId);
      await checkWhole(world, laptop, piece);
    }
  }
  for (const laptop of present(world)) {
    for (const piece of await piecesIn(laptop, (isHere) => !isHere)) {
      if (!held.has(piece.recordId)) continue;
      await fetchOne(world, laptop, { piece, isCalm: true });
      const { isHere } = await findEvidence(laptop.core.vault.db, piece);
      if (!isHere) world.violate('files reach whoever may see them', `${laptop.name}: ${piece.recordId}`);
    }
  }
}
