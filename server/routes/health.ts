import type { FastifyInstance } from 'fastify';
import { TmaError } from '../../shared/errors.ts';

/**
 * Liveness: the process answers. Readiness: it takes requests, and does not any more once it is stopping. The
 * database was checked at the start and is not asked here: its failover must not end every task at once.
 */
export function healthRoutes(app: FastifyInstance, isReady: () => boolean): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'alive' }));
  app.get('/readyz', { schema: { hide: true } }, async () => {
    if (!isReady()) throw new TmaError('service.busy');
    return { status: 'ready' };
  });
}
