/**
 * The database of the simulation: a real PostgreSQL with the service's own schema, role and row-level security. Every
 * run is a tenant of its own in it, which no other run can see: that is what the policies are for.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createAdmin } from '../../server/admin/admin.ts';
import type { BlobStore } from '../../server/blobs/blobStore.ts';
import { localBlobs } from '../../server/blobs/localBlobs.ts';
import { connect, type Db } from '../../server/db/connect.ts';
import { prepareDatabase } from '../../server/db/prepare.ts';
import { localKeys } from '../../server/keys/localKeys.ts';
import { serviceKeysFrom } from '../../server/keys/serviceKeys.ts';
import type { IdSource } from '../../shared/ids.ts';
import type { EscrowKey } from '../../shared/sync/enrolment.ts';
import type { PullAnswer, PullRequest } from '../../shared/sync/wire.ts';
import { startPostgres } from '../support/postgres.ts';
import { type Gate, serviceGate } from './gate.ts';

export interface EscrowPair {
  readonly open: EscrowKey;
  /** In a safe: no laptop and no service has it. */
  readonly privateKey: Uint8Array;
}

export interface Store {
  readonly db: Db;
  readonly gate: Gate;
  readonly keys: ReturnType<typeof localKeys>;
  readonly serviceKeys: ReturnType<typeof serviceKeysFrom>;
  readonly blobs: BlobStore;
  /** Of the organisations that have one. */
  readonly escrow: EscrowPair;
  /** A defect put in on purpose: what a service hands out, made of what it should. */
  handOut: ((answer: PullAnswer, request: PullRequest) => PullAnswer) | undefined;
  admin(ids: IdSource): ReturnType<typeof createAdmin>;
  /** Reads past the policies, to compare what everybody sees with what is there. */
  inspect<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export async function openStore(): Promise<Store> {
  const postgres = await startPostgres({ ephemeral: true });
  const { databaseUrl } = await prepareDatabase({
    ownerUrl: postgres.url,
    servicePassword: 'for-the-simulation-only',
  });
  const folder = await mkdtemp(join(tmpdir(), 'tma-simulate-keys-'));
  const gate = serviceGate();
  const db = connect({ databaseUrl, size: 8, between: (dialect) => gate.between(dialect) });
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  const keys = localKeys(folder);
  const defaults = { codeLifeHours: 1, emergency: [] } as unknown as Parameters<
    typeof createAdmin
  >[0]['defaults'];
  return {
    db,
    gate,
    handOut: undefined,
    escrow: newEscrowPair(),
    keys,
    blobs: localBlobs(join(folder, 'blobs')),
    serviceKeys: serviceKeysFrom(Buffer.alloc(32, 5), 'first'),
    admin: (ids) => createAdmin({ db, ids, keys, defaults, nowMs: ids.nowMs }),
    inspect: async (text, values) => (await owner.query(text, [...values])).rows,
    async close() {
      await owner.end();
      await db.destroy();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function newEscrowPair(): EscrowPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const open = String(publicKey.export({ format: 'jwk' }).x);
  const secret = String(privateKey.export({ format: 'jwk' }).d);
  return {
    open: { keyId: 'safe-1', publicKey: open },
    privateKey: Buffer.from(secret, 'base64url'),
  };
}
