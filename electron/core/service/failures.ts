/** Every way in which a request can fail, as a code of the catalogue. */
import { errorShapeSchema, TmaError } from '../../../shared/errors.ts';

/** What Node says when the peer is not proven to be the service, and what is wrong in one word. */
const certificateReasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'host',
  HOSTNAME_MISMATCH: 'host',
  ERR_TMA_PIN: 'pin',
  ERR_TMA_PINS_EXPIRED: 'pins-expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'authority',
  UNABLE_TO_GET_ISSUER_CERT: 'authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'authority',
  CERT_SIGNATURE_FAILURE: 'authority',
  CERT_CHAIN_TOO_LONG: 'authority',
  CERT_UNTRUSTED: 'authority',
  CERT_REJECTED: 'authority',
  CERT_REVOKED: 'authority',
  INVALID_CA: 'authority',
  INVALID_PURPOSE: 'authority',
  PATH_LENGTH_EXCEEDED: 'authority',
};

/**
 * A failure to get an answer at all: `service.certificate-refused` (params: reason) when somebody answered who is
 * not proven to be the service, else `service.unreachable`.
 */
export function transportFailure(thrown: unknown): TmaError {
  if (thrown instanceof TmaError) return thrown;
  for (const code of codesOf(thrown)) {
    const reason = reasonOf(code);
    if (reason !== undefined) return new TmaError('service.certificate-refused', { reason }, thrown);
    if (code === 'ERR_TMA_HOST') return new TmaError('internal', undefined, thrown);
    // Larger than asked for, or compressed in a way that is none.
    if (code === 'ERR_BAD_RESPONSE' && isTooLarge(thrown)) return invalidAnswer(thrown);
    if (code.startsWith('Z_')) return invalidAnswer(thrown);
    if (code.startsWith('HPE_')) return invalidAnswer(thrown);
  }
  return new TmaError('service.unreachable', undefined, thrown);
}

/** What is wrong with the peer's certificate, in one word, where that is what failed. */
export function certificateReason(thrown: unknown): string | undefined {
  for (const code of codesOf(thrown)) {
    const reason = reasonOf(code);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** A captive portal, a proxy, an old server: it speaks, but not the TLS asked for. */
function reasonOf(code: string): string | undefined {
  return certificateReasons[code] ?? (isTlsCode(code) ? 'protocol' : undefined);
}

export function invalidAnswer(cause?: unknown): TmaError {
  return new TmaError('service.answer-invalid', undefined, cause);
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  /** As sent: seconds or a date (RFC 9110, 10.2.3). */
  readonly retryAfter: string | undefined;
}

/**
 * The failure that an answer other than 2xx means. The service's own code where it gives one; otherwise by status:
 * whoever stands in front of it (a proxy, a load balancer) answers without. Params: `retryAfterMs` where told.
 */
export function answeredFailure(answer: HttpAnswer, nowMs: number): TmaError {
  const waitMs = retryAfterMs(answer.retryAfter, nowMs);
  const wait = waitMs === undefined ? undefined : { retryAfterMs: waitMs };
  const shape = errorShapeSchema.safeParse(parseJson(answer.body));
  if (shape.success) return new TmaError(shape.data.code, mergeParams(shape.data.params, wait));
  if (answer.status === 429) return new TmaError('input.rate-limited', wait);
  if (answer.status === 413) return new TmaError('input.too-large');
  if (answer.status === 502 || answer.status === 503 || answer.status === 504) {
    return new TmaError('service.busy', wait);
  }
  return answer.status >= 500 ? new TmaError('service.error', wait) : invalidAnswer();
}

/** JSON of an answer, or `undefined` where it is none. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** Milliseconds to wait, at most a day; `undefined` where the header says nothing usable. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 86_400_000) : undefined;
}

type Params = Readonly<Record<string, string | number>>;

function mergeParams(told: Params | undefined, wait: Params | undefined): Params | undefined {
  return told === undefined && wait === undefined ? undefined : { ...told, ...wait };
}

/** The codes of an error and of those that caused it, outermost first. */
export function* codesOf(thrown: unknown): Generator<string> {
  let error: unknown = thrown;
  for (let depth = 0; error instanceof Error && depth < 5; depth++) {
    if ('code' in error && typeof error.code === 'string') yield error.code;
    if (error instanceof AggregateError) for (const one of error.errors) yield* codesOf(one);
    error = error.cause;
  }
}

const isTlsCode = (code: string) => code === 'EPROTO' || code.startsWith('ERR_SSL_');

function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.includes('maxContentLength');
}
