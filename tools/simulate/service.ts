/**
 * The service of one run: the server's own door, push and pull on the store, without the network around them. What
 * goes in and out is turned into JSON and back and checked by the schemas of the wire, as on the real line.
 */
import { nodeCrypto } from '../../platform/crypto.ts';
import { proveRequest } from '../../server/auth/device.ts';
import { makeNonce } from '../../server/auth/nonce.ts';
import type { BlobContext } from '../../server/blobs/exchange.ts';
import { succeedDevice } from '../../server/enrol/succeed.ts';
import { takePacket } from '../../server/handIn/packets.ts';
import { CaseKeys } from '../../server/keys/caseKeys.ts';
import { exchangeLeases } from '../../server/leases/leases.ts';
import { compare } from '../../server/sync/compare.ts';
import type { SyncContext } from '../../server/sync/context.ts';
import { hello } from '../../server/sync/hello.ts';
import { ingestSegments } from '../../server/sync/ingest.ts';
import { pull } from '../../server/sync/pull.ts';
import { streamLogs } from '../../server/sync/stream.ts';
import { ProofTrees, proveCases } from '../../server/witness/proofs.ts';
import { makeStatement } from '../../server/witness/statements.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import type { Gather } from '../../shared/gather.ts';
import type { DeviceId, IdSource, TenantId } from '../../shared/ids.ts';
import { hourOf } from '../../shared/integrity/witness.ts';
import type { Signer } from '../../shared/sync/crypto.ts';
import { leasesRequestSchema } from '../../shared/sync/leases.ts';
import { signedPacketSchema } from '../../shared/sync/packet.ts';
import { makeProof } from '../../shared/sync/proof.ts';
import {
  type CasePage,
  compareRequestSchema,
  helloRequestSchema,
  type PullAnswer,
  pullRequestSchema,
  pushRequestSchema,
  type StreamLine,
  streamRequestSchema,
  succeedRequestSchema,
  type WitnessAnswer,
  witnessRequestSchema,
} from '../../shared/sync/wire.ts';
import { type Call, currentCall } from './gate.ts';
import type { Store } from './store.ts';

export interface Caller {
  readonly id: DeviceId;
  readonly signer: Signer;
}

export type Method =
  | 'hello'
  | 'push'
  | 'pull'
  | 'stream'
  | 'compare'
  | 'leases'
  | 'succeed'
  | 'witness'
  | 'handIn';

type ProvenMethod = Exclude<Method, 'handIn'>;

/** Who asks, once the request has been proved. */
export type Proven = Awaited<ReturnType<typeof proveRequest>>;

export interface Proving {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body: Uint8Array;
}

export interface SimService {
  readonly context: SyncContext;
  readonly tenant: TenantId;
  epoch: string;
  nowMs: number;
  /** What a service that lies makes of its next answers to pulls. */
  twist: ((answer: PullAnswer) => Promise<PullAnswer>) | undefined;
  /** What its witness makes of what it should say. */
  twistWitness: ((answer: WitnessAnswer) => WitnessAnswer) | undefined;
  /** It brings no news, whatever is asked. */
  isSilent: boolean;
  /** The witness makes the statement of this hour, unless it has. */
  bearWitness(): Promise<void>;
  readonly blobs: BlobContext;
  /** The door. @throws TmaError */
  prove(caller: Caller, request: Proving): Promise<Proven>;
  /** One request, in which the power may go. */
  handle<T>(call: Partial<Call>, work: () => Promise<T>): Promise<T>;
  /** Answers as over the line: JSON in, JSON out. Throws `TmaError`, `Crash`, and what is a defect. */
  ask(caller: Caller, method: Method, body: unknown, call?: Partial<Call>): Promise<unknown>;
}

export interface ServiceSetting {
  readonly tenant: TenantId;
  readonly ids: IdSource;
  /** How the cases of a push are taken in. */
  readonly gather: Gather;
}

export function openService(store: Store, { tenant, ids, gather }: ServiceSetting): SimService {
  const { signer, nonceKey } = store.serviceKeys;
  const notifier = { publish: () => undefined, watch: () => undefined, stop: async () => undefined };
  const service: SimService = {
    tenant,
    epoch: 'first',
    nowMs: ids.nowMs(),
    twist: undefined,
    twistWitness: undefined,
    isSilent: false,
    async bearWitness() {
      await makeStatement(service.context, tenant, hourOf(service.nowMs));
    },
    context: {
      db: store.db,
      caseKeys: new CaseKeys(store.keys),
      crypto: nodeCrypto,
      signer,
      get epoch() {
        return service.epoch;
      },
      notifier,
      report: (failure) => {
        throw failure;
      },
      gather,
      // No two things happen in the same millisecond.
      nowMs: () => ++service.nowMs,
    },
    blobs: {
      ...{ db: store.db, crypto: nodeCrypto, nowMs: () => service.nowMs },
      ...{ store: store.blobs, quotaBytes: Number.MAX_SAFE_INTEGER },
    },
    prove(caller, { method, path, body }) {
      const claims = {
        ...{ device: caller.id, method, path },
        nonce: makeNonce(nonceKey, service.nowMs),
        id: toBase64Url(nodeCrypto.randomBytes(16)),
        body: toBase64Url(nodeCrypto.sha256(body)),
      } as const;
      const proof = makeProof(claims, caller.signer);
      return proveRequest(auth, { method, path, proof, mayBeApart: path === pathOf('succeed') });
    },
    handle: (call, work) => currentCall.run({ statements: 0, isImpatient: false, ...call }, work),
    async ask(caller, method, body, call = {}) {
      const sent = JSON.parse(JSON.stringify(body)) as unknown;
      const answer = await service.handle(call, async () => {
        // What is handed in proves by itself whose it is.
        if (method === 'handIn') return takePacket(service.context, signedPacketSchema.parse(sent));
        const body = Buffer.from(JSON.stringify(sent));
        const asker = await service.prove(caller, { method: 'POST', path: pathOf(method), body });
        return serve(asker, method, sent);
      });
      return JSON.parse(JSON.stringify(answer)) as unknown;
    },
  };

  const proofs = { db: store.db, trees: new ProofTrees(), nowMs: () => service.nowMs };
  const enrol = { db: store.db, ids, nowMs: () => service.nowMs };
  const auth = { db: store.db, crypto: nodeCrypto, nonceKey, nowMs: () => service.nowMs };

  const serve = async (asker: Proven, method: ProvenMethod, body: unknown) => {
    const { context } = service;
    switch (method) {
      case 'hello':
        return hello(context, { emergency: [] } as unknown as Parameters<typeof hello>[1], {
          asker,
          request: helloRequestSchema.parse(body),
        });
      case 'push': {
        const request = pushRequestSchema.parse(body);
        if (request.epoch !== service.epoch) throw new TmaError('service.epoch-changed');
        return { segments: await ingestSegments(context, asker, request.segments) };
      }
      case 'succeed':
        return succeedDevice(enrol, asker, succeedRequestSchema.parse(body));
      case 'leases':
        return exchangeLeases(context, asker, leasesRequestSchema.parse(body));
      case 'compare':
        return compare(context, asker, compareRequestSchema.parse(body));
      case 'witness': {
        const { cases } = witnessRequestSchema.parse(body);
        const answer = await proveCases(proofs, { ...asker, cases });
        return service.twistWitness === undefined ? answer : service.twistWitness(answer);
      }
      case 'stream':
        return streamed(asker, streamRequestSchema.parse(body));
      case 'pull': {
        // Answers so small that there is often more than one holds, and the rest comes as a stream.
        const request = { ...pullRequestSchema.parse(body), maxBytes: 4_096 };
        if (service.isSilent) return { events: [], cases: [], more: false };
        const found = await pull(context, asker, request, new AbortController().signal);
        const answer = store.handOut?.(found, request) ?? found;
        return service.twist === undefined ? answer : service.twist(answer);
      }
    }
  };

  /** A defect that was put in leaves out of a stream what it leaves out of an answer. */
  const streamed = async (
    asker: Parameters<typeof streamLogs>[1],
    request: Parameters<typeof streamLogs>[2],
  ): Promise<readonly StreamLine[]> => {
    const lines = await allOf(streamLogs(service.context, asker, request));
    const isLeft = (page: CasePage) => {
      const answer = { events: [], cases: [page], more: false };
      return (store.handOut?.(answer, request) ?? answer).cases.length > 0;
    };
    return lines.filter((line) => !('runs' in line) || isLeft(line));
  };
  return service;
}

const pathOf = (method: Method) => `/v1/sync/${method}`;

async function allOf<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
