/**
 * What a laptop hands in after its access has ended. These requests carry no proof, because the device may be revoked
 * and its key destroyed by now: what they bring was signed before, and proves by itself whose it is.
 */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { signedPacketSchema } from '../../shared/sync/packet.ts';
import { signedWipedSchema, wipedAnswerSchema } from '../../shared/sync/wiped.ts';
import { packetAnswerSchema } from '../../shared/sync/wire.ts';
import { takePacket } from '../handIn/packets.ts';
import type { SyncContext } from '../sync/context.ts';
import { takeWiped } from '../wipe/answers.ts';
import { answers } from './answers.ts';
import { unpackBody } from './body.ts';

/** From one address; a laptop that was away for weeks hands in a few dozen. */
const perMinute = 600;

export function handInRoutes(scope: FastifyInstance, sync: SyncContext): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();
  app.addHook('preValidation', unpackBody);
  const config = { rateLimit: { max: perMinute, timeWindow: 60_000 } };
  app.post(
    '/v1/hand-in/packet',
    { config, schema: { body: signedPacketSchema, response: answers(packetAnswerSchema) } },
    (request) => takePacket(sync, request.body),
  );
  app.post(
    '/v1/hand-in/wiped',
    { config, schema: { body: signedWipedSchema, response: answers(wipedAnswerSchema) } },
    (request) => takeWiped(sync, request.body),
  );
}
