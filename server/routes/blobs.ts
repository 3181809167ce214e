/** The routes of attachments: which parts of one have arrived, a part in, a part out. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { TmaError } from '../../shared/errors.ts';
import { blobIdSchema, blobPartBytes, maxBlobParts } from '../../shared/sync/blobs.ts';
import { blobStateSchema } from '../../shared/sync/wire.ts';
import { type Asker, type BlobContext, blobState, getPart, putPart } from '../blobs/exchange.ts';
import { answers } from './answers.ts';

const blobParams = z.strictObject({ id: blobIdSchema });
const partParams = blobParams.extend({
  n: z.coerce
    .number()
    .int()
    .min(0)
    .max(maxBlobParts - 1),
});

/** What a part is sent as. */
export const partType = 'application/octet-stream';

export function blobRoutes(
  scope: FastifyInstance,
  context: BlobContext,
  askerOf: (request: FastifyRequest) => Asker,
): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();
  app.addContentTypeParser(
    partType,
    { parseAs: 'buffer', bodyLimit: blobPartBytes },
    (_request, body, done) => done(null, body),
  );
  app.get(
    '/v1/blobs/:id',
    { schema: { params: blobParams, response: answers(blobStateSchema) } },
    (request) => blobState(context, askerOf(request), request.params.id),
  );
  app.put(
    '/v1/blobs/:id/parts/:n',
    { bodyLimit: blobPartBytes, schema: { params: partParams, response: answers(z.object({})) } },
    async (request) => {
      const { id: blob, n: part } = request.params;
      if (!Buffer.isBuffer(request.body)) throw new TmaError('input.invalid');
      await putPart(context, askerOf(request), { blob, part, bytes: request.body });
      return {};
    },
  );
  app.get('/v1/blobs/:id/parts/:n', { schema: { params: partParams } }, async (request, reply) => {
    const { id: blob, n: part } = request.params;
    const bytes = await getPart(context, askerOf(request), { blob, part });
    return reply.type(partType).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  });
}
