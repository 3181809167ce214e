/** What a laptop asks before it is a device of the organisation, and says when it is one no longer. */
import type { z } from 'zod';
import { nodeCrypto } from '../../../platform/crypto.ts';
import { enrolAnswerSchema, enrolCheckAnswerSchema } from '../../../shared/sync/enrolment.ts';
import { organisationAnswerSchema } from '../../../shared/sync/identity.ts';
import { wipedAnswerSchema } from '../../../shared/sync/wiped.ts';
import type { CreateEnrolmentService, ServiceAddress } from '../sync/engine.types.ts';
import { createPinKeeper } from './pinning.ts';
import { type Call, createTransport, type Timers } from './transport.ts';

export const systemTimers: Timers = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The service as somebody speaks to it who has nothing but a one-time code, or a sign-in. */
export const createEnrolmentService: CreateEnrolmentService = (address) => ({
  organisation: (tenant) =>
    post(address, { path: '/v1/enrol/organisation', body: { tenant }, answer: organisationAnswerSchema }),
  checkSignIn: (signIn) =>
    post(address, { path: '/v1/enrol/sign-in', body: signIn, answer: enrolCheckAnswerSchema }),
  check: (code) => post(address, { path: '/v1/enrol/check', body: { code }, answer: enrolCheckAnswerSchema }),
  wiped: (receipt) => post(address, { path: '/v1/hand-in/wiped', body: receipt, answer: wipedAnswerSchema }),
  redeem: (request) => post(address, { path: '/v1/enrol', body: request, answer: enrolAnswerSchema }),
});

async function post<S extends z.ZodType>(address: ServiceAddress, call: Call<S>): Promise<z.output<S>> {
  const pins = createPinKeeper({
    ...{ installed: address.pinning, crypto: nodeCrypto },
    nowMs: systemTimers.nowMs,
  });
  const transport = createTransport({ address, timers: systemTimers, program: 'enrolment', pins });
  try {
    return await transport.post(call);
  } finally {
    transport.close();
  }
}
