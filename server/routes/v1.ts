/** The routes laptops use. Bodies are unpacked and checked only after whoever sends them has proved who they are. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import { leasesAnswerSchema, leasesRequestSchema } from '../../shared/sync/leases.ts';
import { nonceHeader, proofHeader } from '../../shared/sync/proof.ts';
import type { Segment } from '../../shared/sync/segment.ts';
import { depositAnswerSchema, depositRequestSchema } from '../../shared/sync/unlock.ts';
import {
  compareAnswerSchema,
  compareRequestSchema,
  helloAnswerSchema,
  helloRequestSchema,
  pullAnswerSchema,
  pullRequestSchema,
  pushAnswerSchema,
  pushRequestSchema,
  streamRequestSchema,
  succeedAnswerSchema,
  succeedRequestSchema,
  witnessAnswerSchema,
  witnessRequestSchema,
} from '../../shared/sync/wire.ts';
import { type AuthContext, type ProvenRequest, proveRequest } from '../auth/device.ts';
import { makeNonce } from '../auth/nonce.ts';
import type { BlobContext } from '../blobs/exchange.ts';
import type { ServiceConfig } from '../config.ts';
import type { EnrolContext } from '../enrol/device.ts';
import { succeedDevice } from '../enrol/succeed.ts';
import { bodyPackings } from '../http/body.ts';
import { sendLines } from '../http/ndjson.ts';
import { requireSignIn } from '../identity/required.ts';
import type { Verifier } from '../identity/verifier.ts';
import type { KeyService } from '../keys/keyService.ts';
import { exchangeLeases } from '../leases/leases.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { depositShare } from '../share/shares.ts';
import { compare } from '../sync/compare.ts';
import type { SyncContext } from '../sync/context.ts';
import { hello } from '../sync/hello.ts';
import { ingestSegments } from '../sync/ingest.ts';
import { pull } from '../sync/pull.ts';
import { streamLogs } from '../sync/stream.ts';
import { ProofTrees, proveCases } from '../witness/proofs.ts';
import { answers } from './answers.ts';
import { blobRoutes } from './blobs.ts';
import { unpackBody } from './body.ts';
import { enrolRoutes } from './enrol.ts';
import { handInRoutes } from './handIn.ts';
import { shareRoutes } from './share.ts';
import { signInPath, signInRoute } from './signIn.ts';

const succeedPath = '/v1/sync/succeed';

export interface RouteContext {
  readonly config: ServiceConfig;
  readonly auth: AuthContext;
  readonly enrol: EnrolContext;
  readonly sync: SyncContext;
  readonly metrics: Metrics;
  readonly verifier: Verifier;
  readonly blobs: BlobContext;
  readonly keys: Pick<KeyService, 'wrap' | 'unwrap'>;
}

export async function v1Routes(app: FastifyInstance, context: RouteContext): Promise<void> {
  app.addHook('onSend', async (_request, reply) => {
    reply.header(nonceHeader, makeNonce(context.auth.nonceKey, context.auth.nowMs()));
    reply.header('accept-encoding', bodyPackings);
  });
  await app.register(async (scope) => {
    scope.addHook('preValidation', unpackBody);
    enrolRoutes(scope, context);
  });
  await app.register(async (scope) => syncRoutes(scope, context));
  await app.register(async (scope) => handInRoutes(scope, context.sync));
  await app.register(async (scope) => shareRoutes(scope, context.auth, shareContext(context)));
}

function shareContext({ auth, verifier, keys }: RouteContext) {
  return { ...auth, verifier, keys };
}

function syncRoutes(scope: FastifyInstance, context: RouteContext): void {
  const { config, auth, sync, metrics, verifier } = context;
  const identity = { ...auth, verifier };
  const app = scope.withTypeProvider<ZodTypeProvider>();
  const proven = new WeakMap<FastifyRequest, ProvenRequest>();
  const askerOf = (request: FastifyRequest): ProvenRequest => {
    const asker = proven.get(request);
    if (asker === undefined) throw new TmaError('auth.proof-missing');
    return asker;
  };
  app.addHook('onRequest', async (request) => {
    const header = request.headers[proofHeader];
    const proof = typeof header === 'string' ? header : undefined;
    const { url } = request.routeOptions;
    const mayBeApart = url === succeedPath || url === signInPath;
    const asked = { method: request.method, path: request.raw.url ?? '', proof, mayBeApart };
    const asker = await proveRequest(auth, asked);
    if (url !== signInPath) await requireSignIn(identity, asker, request.headers.authorization);
    proven.set(request, asker);
  });
  app.addHook('preValidation', async (request) => {
    const sent = request.method === 'GET' ? Buffer.alloc(0) : request.body;
    const digest = Buffer.isBuffer(sent) ? createHash('sha256').update(sent).digest() : undefined;
    if (digest === undefined || toBase64Url(digest) !== askerOf(request).bodyDigest) {
      throw new TmaError('auth.proof-invalid');
    }
    // Parts of attachments are bytes and stay so.
    if (request.method === 'POST') await unpackBody(request);
  });
  signInRoute(app, identity, askerOf);
  app.post(
    '/v1/sync/hello',
    { schema: { body: helloRequestSchema, response: answers(helloAnswerSchema) } },
    (request) => hello(sync, config.tenantDefaults, { asker: askerOf(request), request: request.body }),
  );
  app.post(
    '/v1/sync/push',
    { schema: { body: pushRequestSchema, response: answers(pushAnswerSchema) } },
    async (request) => {
      const { epoch, segments } = request.body;
      if (epoch !== sync.epoch) throw new TmaError('service.epoch-changed');
      const answer = { segments: [...(await ingestSegments(sync, askerOf(request), segments))] };
      const writtenAtMs = oldestEdit(segments);
      if (writtenAtMs !== undefined) metrics.pushed(writtenAtMs, sync.nowMs());
      return answer;
    },
  );
  app.post(
    '/v1/sync/pull',
    { schema: { body: pullRequestSchema, response: answers(pullAnswerSchema) } },
    (request, reply) => pull(sync, askerOf(request), request.body, goneSignal(reply)),
  );
  app.post('/v1/sync/stream', { schema: { body: streamRequestSchema } }, (request, reply) =>
    sendLines(reply, streamLogs(sync, askerOf(request), request.body), request.headers['accept-encoding']),
  );
  app.post(
    succeedPath,
    { schema: { body: succeedRequestSchema, response: answers(succeedAnswerSchema) } },
    (request) => succeedDevice(context.enrol, askerOf(request), request.body),
  );
  app.post(
    '/v1/sync/compare',
    { schema: { body: compareRequestSchema, response: answers(compareAnswerSchema) } },
    (request) => compare(sync, askerOf(request), request.body),
  );
  app.post(
    '/v1/sync/leases',
    { schema: { body: leasesRequestSchema, response: answers(leasesAnswerSchema) } },
    (request) => exchangeLeases(sync, askerOf(request), request.body),
  );
  app.post(
    '/v1/sync/share',
    { schema: { body: depositRequestSchema, response: answers(depositAnswerSchema) } },
    (request) => depositShare(shareContext(context), askerOf(request), request.body),
  );
  blobRoutes(app, context.blobs, askerOf);
  const proofs = { db: sync.db, trees: new ProofTrees(), nowMs: sync.nowMs };
  app.post(
    '/v1/sync/witness',
    { schema: { body: witnessRequestSchema, response: answers(witnessAnswerSchema) } },
    (request) => proveCases(proofs, { ...askerOf(request), cases: request.body.cases }),
  );
}

const headTimeSchema = z.object({ at: z.tuple([z.number(), z.number()]) });

/** When the first edit of a push was written, by the laptop's clock; each chain begins with its oldest. */
function oldestEdit(segments: readonly Segment[]): number | undefined {
  const times = segments.flatMap(({ changes: [first] }) => {
    const head = first === undefined ? undefined : headTimeSchema.safeParse(parseJson(first.head));
    return head?.success ? [head.data.at[0]] : [];
  });
  return times.length === 0 ? undefined : Math.min(...times);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Refused by the ingest, which looks at every head.
    return undefined;
  }
}

/** Aborts when whoever waits for the answer has hung up. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
