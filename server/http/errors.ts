/** Every failure leaves the service as one of the catalogue's codes; what was not expected says nothing about itself. */
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { TmaError } from '../../shared/errors.ts';
import { isBusy } from '../db/busy.ts';

/** After how many seconds it is worth trying again, when the service cannot say better. */
export const retryAfterSeconds = 2;

export function toServiceError(thrown: unknown): TmaError {
  if (thrown instanceof TmaError) return thrown;
  if (hasZodFastifySchemaValidationErrors(thrown)) return new TmaError('input.invalid', undefined, thrown);
  if (isBusy(thrown)) return new TmaError('service.busy', undefined, thrown);
  const status = statusOf(thrown);
  if (status === 413) return new TmaError('input.too-large', undefined, thrown);
  if (status === 429) return new TmaError('input.rate-limited', undefined, thrown);
  if (status !== undefined && status >= 400 && status < 500)
    return new TmaError('input.invalid', undefined, thrown);
  // The laptop tries again later: a fault of ours must not make it give up what it holds.
  return new TmaError('service.error', undefined, thrown);
}

function statusOf(thrown: unknown): number | undefined {
  const status = thrown instanceof Error && 'statusCode' in thrown ? thrown.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
