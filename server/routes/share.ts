/** The one route of a laptop whose vault is closed: its unlock key asks for the service's share of the vault's key. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import {
  releaseAnswerSchema,
  releaseRequestSchema,
  sharePath,
  unlockProofHeader,
} from '../../shared/sync/unlock.ts';
import type { AuthContext } from '../auth/device.ts';
import { releaseShare, type ShareContext } from '../share/shares.ts';
import { proveUnlock, type UnlockAsking } from '../share/unlockProof.ts';
import { answers } from './answers.ts';
import { unpackBody } from './body.ts';

/** From one address; an office full of laptops is opened between eight and nine. */
const perMinute = 600;
/** An ID token, where there is one. */
const smallBodyBytes = 16_384;

export function shareRoutes(scope: FastifyInstance, auth: AuthContext, share: ShareContext): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();
  const proven = new WeakMap<FastifyRequest, UnlockAsking>();
  const askerOf = (request: FastifyRequest): UnlockAsking => {
    const asker = proven.get(request);
    if (asker === undefined) throw new TmaError('auth.proof-missing');
    return asker;
  };
  app.addHook('onRequest', async (request) => {
    const header = request.headers[unlockProofHeader];
    const proof = typeof header === 'string' ? header : undefined;
    proven.set(request, await proveUnlock(auth, { path: request.raw.url ?? '', proof }));
  });
  app.addHook('preValidation', async (request) => {
    const sent = request.body;
    const digest = Buffer.isBuffer(sent) ? createHash('sha256').update(sent).digest() : undefined;
    if (digest === undefined || toBase64Url(digest) !== askerOf(request).bodyDigest) {
      throw new TmaError('auth.proof-invalid');
    }
    await unpackBody(request);
  });
  app.post(
    sharePath,
    {
      bodyLimit: smallBodyBytes,
      config: { rateLimit: { max: perMinute, timeWindow: 60_000 } },
      schema: { body: releaseRequestSchema, response: answers(releaseAnswerSchema) },
    },
    (request) => releaseShare(share, askerOf(request), request.body),
  );
}
