/**
 * Starts the central service in this process. The settings it takes are {@link ServiceConfigInput} in
 * `config.ts`; the database must have been made ready by `prepareDatabase` in `db/prepare.ts`, which gives
 * the `databaseUrl` of the service's own login:
 *
 *   const { databaseUrl } = await prepareDatabase({ ownerUrl, servicePassword });
 *   const service = await startService({ databaseUrl, keysDir, tls: { certificatePem, keyPem } });
 */
import type { AddressInfo } from 'node:net';
import type { DestinationStream } from 'pino';
import { nodeCrypto, systemIds } from '../platform/crypto.ts';
import { TmaError } from '../shared/errors.ts';
import { sideBySide } from '../shared/gather.ts';
import type { Segment } from '../shared/sync/segment.ts';
import type { SegmentOutcome } from '../shared/sync/wire.ts';
import { type Admin, createAdmin } from './admin/admin.ts';
import { forgetProofs } from './auth/device.ts';
import type { BlobStore } from './blobs/blobStore.ts';
import { type Asker, type PartPlace, putPart } from './blobs/exchange.ts';
import { openBlobs } from './blobs/openBlobs.ts';
import { parseConfig, type ServiceConfig, type ServiceConfigInput } from './config.ts';
import { checkDatabase, connectWatched, type Db } from './db/connect.ts';
import { createApp } from './http/app.ts';
import { checkCertificate } from './http/certificate.ts';
import { createLog } from './http/logging.ts';
import { createVerifier } from './identity/verifier.ts';
import { CaseKeys } from './keys/caseKeys.ts';
import type { KeyService } from './keys/keyService.ts';
import { openServiceKeys, openTenantKeys } from './keys/openKeys.ts';
import type { ServiceKeys } from './keys/serviceKeys.ts';
import { createDeliveries } from './leases/deliveries.ts';
import { Metrics } from './metrics/metrics.ts';
import { startObserving } from './metrics/startObserving.ts';
import { healthRoutes } from './routes/health.ts';
import { v1Routes } from './routes/v1.ts';
import type { Submitter, SyncContext } from './sync/context.ts';
import { ingestSegments, mostCasesAtOnce } from './sync/ingest.ts';
import { createNotifier } from './sync/notifier.ts';
import { witnessAge } from './witness/keepWitness.ts';
import { startWitness } from './witness/startWitness.ts';
import { openWitnessStore } from './witness/witnessStore.ts';

/** What a host may hand in instead of the system's own. */
export interface ServiceDeps {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs?: () => number;
  /** Where log lines go; default the standard output. */
  readonly logTo?: DestinationStream;
  /** The schema the program needs, when it stands for a later version of itself: in the rollout rehearsal. */
  readonly neededSchema?: number;
}

export interface Service {
  /** `https://127.0.0.1:8443`, without a path. */
  readonly url: string;
  readonly port: number;
  /** Ed25519 key that signs the heads of logs. */
  readonly publicKey: Uint8Array;
  readonly epoch: string;
  readonly admin: Admin;
  /** Takes segments in as a push does, without a request around them: for demo data. */
  ingest(submitter: Submitter, segments: readonly Segment[]): Promise<readonly SegmentOutcome[]>;
  /** Takes a part of an attachment in, as a laptop's request does: for demo data. */
  putPart(asker: Asker, part: PartPlace & { readonly bytes: Uint8Array }): Promise<void>;
  /** Answers readiness with 503, lets the load balancer notice, finishes what runs, closes. */
  stop(): Promise<void>;
}

const forgetEveryMs = 60_000;

/**
 * @throws {ConfigError} when a setting is wrong, the database is not ready, or a key file is damaged.
 * @throws {TmaError} `host.port-in-use` (params: port).
 */
export async function startService(input: ServiceConfigInput, deps: ServiceDeps = {}): Promise<Service> {
  const config = parseConfig(input);
  const log = createLog(config.logLevel, deps.logTo);
  const nowMs = deps.nowMs ?? (() => Date.now());
  if (config.tls !== undefined) checkCertificate(config.tls.certificatePem, nowMs());
  const serviceKeys = await openServiceKeys(config);
  const keys = await openTenantKeys(config);
  const blobs = await openBlobs(config);
  const witness = await openWitnessStore(config);
  const { db, state: pool } = connectWatched({ ...config, size: config.poolSize });
  const notifier = createNotifier(config);
  const metrics = new Metrics();
  try {
    await checkDatabase(db, deps.neededSchema);
    await keys.check();
    await blobs?.check();
    await witness?.check();
    const report = log.failure;
    const parts = assemble({ config, db, serviceKeys, keys, nowMs, notifier, report, store: blobs });
    let isReady = true;
    const host = { log, metrics, isReady: () => isReady };
    const app = await createApp(config, host);
    healthRoutes(app, host.isReady);
    await app.register(async (scope) => v1Routes(scope, { config, metrics, ...parts }));
    const port = await listen(app, config);
    const forgetting = setInterval(() => void forgetProofs(db, nowMs()).catch(log.failure), forgetEveryMs);
    const { signer, epoch } = serviceKeys;
    const endWitness = witness && startWitness({ db, signer, epoch, nowMs, store: witness }, log);
    const lateness = witness && (() => witnessAge(db, nowMs()));
    const endObserving = startObserving({ config, db, keys, metrics, pool, log, nowMs, lateness });
    log.event('started', { port });
    const stop = once(async () => {
      isReady = false;
      log.event('draining');
      await new Promise((resolve) => setTimeout(resolve, config.drainMs));
      clearInterval(forgetting);
      // First, so that waiting pulls are answered and closing does not wait for them.
      await notifier.stop();
      await app.close();
      await endObserving();
      await endWitness?.();
      blobs?.close();
      witness?.close();
      await db.destroy();
      log.event('stopped');
    });
    const { publicKey } = serviceKeys.signer;
    const ingest: Service['ingest'] = (submitter, segments) =>
      ingestSegments(parts.sync, submitter, segments);
    return {
      url: urlOf(config, port),
      port,
      publicKey,
      epoch: serviceKeys.epoch,
      admin: parts.admin,
      ingest,
      putPart: (asker, part) => putPart(parts.blobs, asker, part),
      stop,
    };
  } catch (error) {
    await notifier.stop();
    await db.destroy();
    blobs?.close();
    witness?.close();
    throw error;
  }
}

interface Assembling {
  readonly config: ServiceConfig;
  readonly db: Db;
  readonly serviceKeys: ServiceKeys;
  readonly keys: KeyService;
  readonly nowMs: () => number;
  readonly notifier: SyncContext['notifier'];
  readonly report: SyncContext['report'];
  readonly store: BlobStore | undefined;
}

function assemble({ config, db, serviceKeys, keys, nowMs, notifier, report, store }: Assembling) {
  const { signer, nonceKey, epoch } = serviceKeys;
  const ids = { nowMs, randomBytes: systemIds.randomBytes };
  const defaults = config.tenantDefaults;
  const verifier = createVerifier({ crypto: nodeCrypto, nowMs, production: config.production });
  const sync: SyncContext = {
    db,
    caseKeys: new CaseKeys(keys),
    crypto: nodeCrypto,
    signer,
    epoch,
    notifier,
    deliveries: createDeliveries({ db, nowMs }),
    report,
    gather: sideBySide(mostCasesAtOnce),
    nowMs,
  };
  return {
    sync,
    auth: { db, crypto: nodeCrypto, nonceKey, nowMs },
    blobs: { db, crypto: nodeCrypto, nowMs, store, quotaBytes: config.blobQuotaBytes },
    verifier,
    keys,
    enrol: { db, ids, signer, defaults, verifier, nowMs },
    admin: createAdmin({ db, ids, keys, defaults, nowMs }),
  };
}

async function listen(app: Awaited<ReturnType<typeof createApp>>, config: ServiceConfig): Promise<number> {
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw isTaken ? new TmaError('host.port-in-use', { port: config.port }, cause) : cause;
  }
  return (app.server.address() as AddressInfo).port; // it listens on a network address, as just told
}

function urlOf(config: ServiceConfig, port: number): string {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `${config.tls === undefined ? 'http' : 'https'}://${host}:${port}`;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
