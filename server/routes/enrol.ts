/** The routes of a laptop that is no device yet: nothing proves who asks but a code or a sign-in. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import {
  enrolAnswerSchema,
  enrolCheckAnswerSchema,
  enrolCheckRequestSchema,
  enrolRequestSchema,
} from '../../shared/sync/enrolment.ts';
import {
  enrolSignInSchema,
  organisationAnswerSchema,
  organisationRequestSchema,
} from '../../shared/sync/identity.ts';
import type { ServiceConfig } from '../config.ts';
import type { EnrolContext } from '../enrol/device.ts';
import { checkCode, enrolDevice } from '../enrol/enrol.ts';
import { checkSignIn, describeOrganisation } from '../enrol/signIn.ts';
import { answers } from './answers.ts';

export interface EnrolRoutesContext {
  readonly config: Pick<ServiceConfig, 'enrolPerMinute'>;
  readonly enrol: EnrolContext;
}

/** A small request: a code, a name, a token of an identity provider. */
const smallBodyBytes = 16_384;

export function enrolRoutes(scope: FastifyInstance, { config, enrol }: EnrolRoutesContext): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();
  const options = {
    bodyLimit: smallBodyBytes,
    config: { rateLimit: { max: config.enrolPerMinute, timeWindow: 60_000 } },
  };
  app.post(
    '/v1/enrol/check',
    { ...options, schema: { body: enrolCheckRequestSchema, response: answers(enrolCheckAnswerSchema) } },
    (request) => checkCode(enrol, request.body.code),
  );
  app.post(
    '/v1/enrol/organisation',
    { ...options, schema: { body: organisationRequestSchema, response: answers(organisationAnswerSchema) } },
    (request) => describeOrganisation(enrol, request.body.tenant),
  );
  app.post(
    '/v1/enrol/sign-in',
    { ...options, schema: { body: enrolSignInSchema, response: answers(enrolCheckAnswerSchema) } },
    (request) => checkSignIn(enrol, request.body),
  );
  app.post(
    '/v1/enrol',
    { ...options, schema: { body: enrolRequestSchema, response: answers(enrolAnswerSchema) } },
    (request) => enrolDevice(enrol, request.body),
  );
}
