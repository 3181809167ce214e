import type { FastifyRequest } from 'fastify';
import { readBody } from '../http/body.ts';

/** Bodies are unpacked and read only after whoever sends them has proved who they are, where they have to. */
export async function unpackBody(request: FastifyRequest): Promise<void> {
  request.body = await readBody(request.body, request.headers['content-encoding']);
}
