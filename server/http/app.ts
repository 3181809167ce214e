/** The Fastify instance: what holds for every route. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import compress from '@fastify/compress';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type ErrorCode, TmaError } from '../../shared/errors.ts';
import { ConfigError, type ServiceConfig } from '../config.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { headersTimeoutMs, keepAliveTimeoutMs, requestTimeoutMs } from '../timing.ts';
import { maxBodyBytes, takeBodiesAsSent } from './body.ts';
import { retryAfterSeconds, toServiceError } from './errors.ts';
import type { ServiceLog } from './logging.ts';

export const requestIdHeader = 'x-request-id';

export interface AppHost {
  readonly log: ServiceLog;
  readonly metrics: Metrics;
  /** False from the moment the service is told to stop. */
  readonly isReady: () => boolean;
}

/** Throws {@link ConfigError} when the certificate and its key do not fit each other. */
export async function createApp(
  config: ServiceConfig,
  { log, metrics, isReady }: AppHost,
): Promise<FastifyInstance> {
  const app = createServer(config);
  app.server.headersTimeout = headersTimeoutMs;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  takeBodiesAsSent(app);
  nameRequests(app, log);
  measureRequests(app, metrics);
  app.addHook('onSend', async (_request, reply) => {
    // A stopping service would otherwise wait for kept connections on which nothing more comes.
    if (!isReady()) reply.header('connection', 'close');
  });
  mapErrors(app, { log, metrics });
  await app.register(compress, {
    encodings: ['gzip'],
    threshold: 1_024,
    zlibOptions: { level: 4 },
    globalDecompression: false,
  });
  await app.register(rateLimit, { global: false, skipOnError: true });
  if (!config.production) await describeApi(app);
  return app;
}

function createServer(config: ServiceConfig): FastifyInstance {
  const options: FastifyHttpOptions<Server> = {
    logger: false,
    bodyLimit: maxBodyBytes,
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: requestTimeoutMs,
    trustProxy: (_address, hop) => hop < config.trustedProxies,
    genReqId: () => randomUUID(),
    // Requests that arrive while the service stops are still answered as any other.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
  };
  const { tls } = config;
  if (tls === undefined) return Fastify(options);
  try {
    const https = { cert: tls.certificatePem, key: tls.keyPem, minVersion: 'TLSv1.3' as const };
    // The instances differ in the type of their server alone, whose common part is all that is used here.
    return Fastify({ ...options, https } as FastifyHttpOptions<Server>);
  } catch (cause) {
    throw new ConfigError('tls: the certificate and its key do not fit each other or cannot be read.', {
      cause,
    });
  }
}

function nameRequests(app: FastifyInstance, log: ServiceLog): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(requestIdHeader, request.id);
    reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    log.request({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
    });
  });
}

/** Health checks are not work: they would drown what laptops ask. */
const unmeasured: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz']);

function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    if (unmeasured.has(request.routeOptions.url)) return;
    const { body } = request;
    const waited = typeof body === 'object' && body !== null && 'waitMs' in body && body.waitMs !== 0;
    metrics.request({ status: reply.statusCode, durationMs: reply.elapsedTime, waited });
  });
}

/** Codes of a refused proof or one-time code; a stale nonce is no attempt but the ordinary course. */
const failedLogins: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'auth.proof-invalid',
  'auth.proof-replayed',
  'auth.device-unknown',
  'auth.device-revoked',
  'auth.token-invalid',
  'auth.wrong-user',
  'auth.user-unknown',
  'enrol.code-unknown',
  'enrol.code-expired',
  'enrol.code-used',
]);

function mapErrors(app: FastifyInstance, { log, metrics }: Pick<AppHost, 'log' | 'metrics'>): void {
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = toServiceError(thrown);
    if (error.status >= 500) log.failure(error, request.id);
    if (failedLogins.has(error.code)) metrics.failedLogin();
    if (error.retryable && !reply.hasHeader('retry-after')) reply.header('retry-after', retryAfterSeconds);
    return reply
      .status(error.status)
      .type('application/json')
      .serializer(JSON.stringify)
      .send(error.toShape());
  });
  app.setNotFoundHandler(() => {
    throw new TmaError('not-found');
  });
}

async function describeApi(app: FastifyInstance): Promise<void> {
  // Not part of the image: production shows no description.
  const [{ default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ]);
  const info = {
    title: 'TMA central service',
    version: '1',
    description: 'Sync of case logs; see docs/protocol.md.',
  };
  await app.register(swagger, { openapi: { openapi: '3.1.0', info }, transform: jsonSchemaTransform });
  await app.register(swaggerUi, { routePrefix: '/docs' });
}
