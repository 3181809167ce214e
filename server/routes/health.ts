import type { FastifyInstance } from 'fastify';
import { TmaError } from '../../shared/errors.ts';

/**
 * Liveness: the process answers. Readiness: it takes requests, and does not any more once it is stopping. The
 * database was checked at the start and is not asked here: its failover must not end every task at once.
 */
export function healthRoutes(app: FastifyInstance, isReady: () => boolean): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'alive' }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    // Not thrown: a task that is taken out in good order is no failure to write down.
    if (!isReady()) return reply.status(503).send(new TmaError('service.busy').toShape());
    return { status: 'ready' };
  });
}
