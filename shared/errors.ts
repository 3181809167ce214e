/**
 * The one catalogue of expected failures. A code names what happened, `status` is what the service answers
 * with, `retryable` tells the sync client whether the same call can succeed later without anyone acting.
 * The words a person reads live in the renderer's message catalogues under `error.<code>`; every text there
 * says what happened, what was kept, and what to do. Codes are never renamed or reused.
 */
import { z } from 'zod';

interface ErrorEntry {
  readonly status: number;
  readonly retryable: boolean;
}

const entry = (status: number, retryable = false): ErrorEntry => ({ status, retryable });

export const errorCatalogue = {
  'input.invalid': entry(400),
  'input.too-large': entry(413),
  'input.rate-limited': entry(429, true),

  'vault.wrong-passphrase': entry(401),
  'vault.throttled': entry(429, true),
  'vault.shredded': entry(410),
  'vault.locked': entry(423),
  'vault.in-use': entry(409, true),
  'vault.missing': entry(404),
  'vault.exists': entry(409),
  'vault.newer-schema': entry(409),
  'vault.damaged': entry(500),
  'vault.disk-full': entry(507, true),
  'vault.read-only': entry(500),
  'vault.driver-missing': entry(500),
  'vault.passphrase-short': entry(400),
  'vault.passphrase-long': entry(400),
  'vault.passphrase-common': entry(400),
  'vault.header-weak': entry(500),
  'vault.secret-missing': entry(500),
  'vault.lease-over': entry(423),
  'vault.salvage-failed': entry(500),
  'vault.escrow-key-wrong': entry(401),
  'vault.share-needed': entry(423, true),
  'vault.share-missing': entry(404),

  'enrol.code-unknown': entry(404),
  'enrol.code-expired': entry(410),
  'enrol.code-used': entry(409),
  'enrol.already': entry(409),

  'service.unreachable': entry(503, true),
  'service.certificate-refused': entry(495),
  'service.error': entry(500, true),
  'service.busy': entry(503, true),
  'service.update-program': entry(426),
  'service.epoch-changed': entry(409, true),
  'service.answer-invalid': entry(502, true),
  'service.log-contradicts': entry(409),

  'auth.proof-missing': entry(401),
  'auth.proof-invalid': entry(401),
  'auth.nonce-stale': entry(401, true),
  'auth.proof-replayed': entry(401),
  'auth.device-unknown': entry(401),
  'auth.device-revoked': entry(403),

  'auth.sign-in-required': entry(401),
  'auth.sign-in-ended': entry(401),
  'auth.sign-in-used': entry(409),
  'auth.sign-in-running': entry(409),
  'auth.sign-in-timeout': entry(408),
  'auth.sign-in-cancelled': entry(409),
  'auth.sign-in-refused': entry(403),
  'auth.answer-refused': entry(401),
  'auth.token-invalid': entry(401),
  'auth.wrong-user': entry(403),
  'auth.user-unknown': entry(403),
  'auth.clock-off': entry(401),
  'auth.port-busy': entry(409),
  'auth.browser-refused': entry(403),
  'auth.provider-missing': entry(404),
  'auth.provider-unreachable': entry(503, true),
  'auth.provider-untrusted': entry(495),

  'access.denied': entry(403),
  'case.not-found': entry(404),
  'record.not-found': entry(404),
  'record.field-unknown': entry(400),
  'record.field-invalid': entry(400),
  'case.transition-refused': entry(409),
  'case.log-incomplete': entry(409, true),
  'assessment.signed': entry(409),
  'assessment.incomplete': entry(409),
  'assessment.rationale-missing': entry(409),
  'assessment.instrument-unknown': entry(404),
  'triage.reason-missing': entry(400),

  'change.id-reused': entry(409),
  'change.chain-broken': entry(409),
  'change.signature-invalid': entry(400),
  'change.malformed': entry(400),
  'change.gap': entry(409, true),
  'change.withheld': entry(403),

  'host.port-in-use': entry(409),
  'host.token-invalid': entry(401),
  'host.core-stopped': entry(503, true),

  'files.interrupted': entry(499, true),
  'files.place-refused': entry(500),

  'evidence.type-refused': entry(415),
  'evidence.too-large': entry(413),
  'evidence.settled': entry(409),
  'evidence.not-here': entry(409, true),
  'evidence.reason-missing': entry(400),

  'glass.reason-missing': entry(400),

  'blob.part-invalid': entry(400),
  'blob.no-store': entry(501),
  'blob.quota-reached': entry(507),

  'backup.not-one': entry(400),
  'backup.incomplete': entry(400),
  'backup.newer': entry(409),
  'backup.other-person': entry(403),

  'lease.over': entry(423),
  'lease.too-many': entry(409),

  'not-found': entry(404),
  internal: entry(500),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

export const errorCodes = Object.keys(errorCatalogue) as readonly ErrorCode[];
export const errorCodeSchema = z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]);

/** Values for the placeholders of the user's text. Never case data: errors reach logs. */
export type ErrorParams = Readonly<Record<string, string | number>>;

/** A failure as it travels: over the contract, over HTTP, into a screen. */
export const errorShapeSchema = z.object({
  code: errorCodeSchema,
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type ErrorShape = z.infer<typeof errorShapeSchema>;

/** An expected failure on its way up the stack; boundaries turn it into an {@link ErrorShape}. */
export class TmaError extends Error {
  override readonly name = 'TmaError';
  readonly code: ErrorCode;
  readonly params: ErrorParams | undefined;

  constructor(code: ErrorCode, params?: ErrorParams, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.params = params;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }

  toShape(): ErrorShape {
    return this.params === undefined ? { code: this.code } : { code: this.code, params: { ...this.params } };
  }
}

/** Any thrown value as a {@link TmaError}; what was not expected becomes `internal` and keeps its cause. */
export function toTmaError(thrown: unknown): TmaError {
  return thrown instanceof TmaError ? thrown : new TmaError('internal', undefined, thrown);
}
