/** S02: the one route of a device that needs no sign-in, because it brings one. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { signedInAnswerSchema, signInSchema } from '../../shared/sync/identity.ts';
import { type Asking, type IdentityContext, takeSignIn } from '../identity/required.ts';
import { answers } from './answers.ts';

export const signInPath = '/v1/sync/sign-in';

export function signInRoute(
  scope: FastifyInstance,
  context: IdentityContext,
  askerOf: (request: FastifyRequest) => Asking,
): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();
  app.post(
    signInPath,
    { schema: { body: signInSchema, response: answers(signedInAnswerSchema) } },
    (request) => takeSignIn(context, askerOf(request), request.body),
  );
}
