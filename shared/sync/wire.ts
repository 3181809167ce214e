/**
 * What travels between a laptop and the service. Everything is JSON over HTTPS; the same schemas check
 * requests and answers on both sides and make the OpenAPI description.
 *
 * A cursor names a log by its position and running hash, so that a service that shows a different past is
 * found out at the next pull. Two kinds of log are pulled: the logs of cases, and the user's own log, which
 * tells which cases the user may see.
 */
import { z } from 'zod';
import { caseRoles, orgRoleSchema } from '../domain/people.ts';
import { compartmentSchema, scopeSchema } from '../domain/sections.ts';
import { errorCodeSchema } from '../errors.ts';
import { caseIdSchema, deviceIdSchema, userIdSchema } from '../ids.ts';
import { witnessedSchema } from '../integrity/witness.ts';
import { sealedChangeSchema } from './change.ts';
import { devicePolicySchema, emergencyContactSchema, escrowKeySchema } from './enrolment.ts';
import { identityProviderSchema } from './identity.ts';
import { leaseSchema } from './leases.ts';
import { logEntrySchema, signedHeadSchema } from './log.ts';
import { hashSchema, plainText, publicKeySchema } from './parts.ts';
import { signedPinSetSchema } from './pins.ts';
import { segmentSchema } from './segment.ts';

/** Version of this protocol; a service names the range it speaks. */
export const protocolVersion = 1;

export const maxPushChanges = 500;
export const maxPushBytes = 1024 * 1024;

/** Positions and numbers of changes are 32-bit integers in the database. */
const maxPosition = 2 ** 31 - 1;

/* --- sync ----------------------------------------------------------------------------------------- */

export const directorySchema = z.object({
  users: z.array(z.object({ id: userIdSchema, name: z.string(), role: orgRoleSchema, active: z.boolean() })),
  devices: z.array(
    z.object({ id: deviceIdSchema, user: userIdSchema, label: z.string(), key: publicKeySchema }),
  ),
});
export type Directory = z.infer<typeof directorySchema>;

/** What happened to a vault, for the audit log of the service: told at the first contact after it. */
export const vaultNoticeSchema = z.strictObject({
  type: z.enum(['vault.recovered', 'vault.wiped']),
  /** By the laptop's clock. */
  atMs: z.int().nonnegative(),
  /** Where it was another device then: after a wipe the laptop is enrolled anew. */
  device: deviceIdSchema.optional(),
});
export type VaultNotice = z.infer<typeof vaultNoticeSchema>;

export const helloRequestSchema = z.strictObject({
  program: plainText(40),
  protocol: z.int().positive(),
  schema: z.int().positive(),
  notices: z.array(vaultNoticeSchema).max(10).optional(),
  /** As in a pull: then the answer says which cases may not be seen any more. */
  userCursor: z.int().nonnegative().max(maxPosition).optional(),
});
export const helloAnswerSchema = z.object({
  serverTimeMs: z.int().nonnegative(),
  /** Changes when the service was restored from a backup. */
  epoch: z.string(),
  protocol: z.object({ min: z.int(), max: z.int() }),
  /** Record kinds the service knows; an older program may push, but not read newer ones. */
  schema: z.object({ min: z.int(), max: z.int() }),
  directory: directorySchema,
  emergency: z.array(emergencyContactSchema),
  policy: devicePolicySchema.optional(),
  /** What was taken away after the cursor: to be sealed and removed before anything is pushed. */
  lost: z.array(caseIdSchema).optional(),
  /** To which unsent edits of a case are sealed when access to it ends. */
  escrow: escrowKeySchema.optional(),
  /** S01: a newer set of pins, where there is one. */
  pins: signedPinSetSchema.optional(),
  /** S02: the organisation's identity provider, where it has one. */
  identity: identityProviderSchema.optional(),
  /** The cases that are checked out on this laptop, renewed with this answer; older services leave it out. */
  leases: z.array(leaseSchema).optional(),
});
export type HelloAnswer = z.infer<typeof helloAnswerSchema>;

/** A laptop whose vault was set back or copied asks for a new device id; the request is proved with the old key. */
export const succeedRequestSchema = z.strictObject({
  deviceKey: publicKeySchema,
  program: plainText(40),
  /** Under which the service keeps a share of the vault's key, where it does: the share goes with the laptop. */
  unlockKey: publicKeySchema.exactOptional(),
  /** Changes under the old id of which the laptop does not know whether they were taken. */
  waiting: z
    .array(z.strictObject({ case: caseIdSchema, n: z.int().positive().max(maxPosition), hash: hashSchema }))
    .max(10_000),
});
export type SucceedRequest = z.infer<typeof succeedRequestSchema>;

export const succeedAnswerSchema = z.object({
  device: z.object({ id: deviceIdSchema, label: z.string() }),
  /** One for each that waits, in order: whether it is in the log. What is not is written anew under the new id. */
  taken: z.array(z.boolean()).readonly(),
});
export type SucceedAnswer = z.infer<typeof succeedAnswerSchema>;

export const pushRequestSchema = z.strictObject({
  epoch: z.string(),
  segments: z.array(segmentSchema).min(1).max(maxPushChanges),
});
export type PushRequest = z.infer<typeof pushRequestSchema>;

/** What became of each change of a segment, in order, or why the whole segment was not taken. */
export const pushedChangeSchema = z.object({
  n: z.int().positive(),
  outcome: z.enum(['applied', 'quarantined', 'duplicate']),
  position: z.int().positive(),
  /** Why it does not count; of a duplicate, too. */
  code: errorCodeSchema.optional(),
  /** With it and the head the laptop knows what the log now holds; older services leave it out. */
  receivedAtMs: z.int().nonnegative().optional(),
});
export type PushedChange = z.infer<typeof pushedChangeSchema>;
export const segmentOutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('taken'),
    case: caseIdSchema,
    /** The case's, as in its pages; older services leave it out. */
    number: z.string().optional(),
    changes: z.array(pushedChangeSchema),
    head: signedHeadSchema,
  }),
  z.object({ outcome: z.literal('refused'), case: caseIdSchema, code: errorCodeSchema }),
]);
export const pushAnswerSchema = z.object({ segments: z.array(segmentOutcomeSchema) });
export type PushAnswer = z.infer<typeof pushAnswerSchema>;
export type SegmentOutcome = z.infer<typeof segmentOutcomeSchema>;

export const cursorSchema = z.strictObject({
  position: z.int().nonnegative().max(maxPosition),
  running: hashSchema,
  /** The epoch of the grant under which the laptop was given what it has; where its pages said none, it is left out. */
  grant: z.int().positive().max(maxPosition).optional(),
});
export type Cursor = z.infer<typeof cursorSchema>;

export const pullRequestSchema = z.strictObject({
  epoch: z.string(),
  /** Position in the user's own log up to which the laptop knows its cases. */
  userCursor: z.int().nonnegative().max(maxPosition),
  cursors: z.record(caseIdSchema, cursorSchema),
  /** Number up to which a data protection officer's laptop knows of broken glass. */
  glassCursor: z.int().nonnegative().max(maxPosition).optional(),
  /**
   * The mark of an earlier answer. Of cases that are not named then, nothing is asked but whether they changed since;
   * a case that the laptop does not have is named at position 0.
   */
  since: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  maxBytes: z
    .int()
    .min(1024)
    .max(8 * maxPushBytes)
    .default(maxPushBytes),
  /** How long the service may wait for news before it answers with none. */
  waitMs: z.int().nonnegative().max(55_000).default(0),
});
export type PullRequest = z.input<typeof pullRequestSchema>;

/** Changes of one device that stand one after the other in the log; its signature covers `from … to`. */
export const logRunSchema = z.object({
  device: deviceIdSchema,
  /** Number, in the device's chain, of the first change in this run. */
  n: z.int().positive(),
  changes: z.array(sealedChangeSchema).min(1),
  entries: z.array(logEntrySchema).min(1),
  /** The signed segment the run came in with; it may begin before the run, where a resend overlapped. */
  signed: z.object({
    from: z.int().positive(),
    to: z.int().positive(),
    prev: hashSchema,
    sig: z.string().length(86),
  }),
});
export type LogRun = z.infer<typeof logRunSchema>;

/** What of a case the person reads and writes, who asks for it. */
export const caseAccessSchema = z.object({
  /** Counts up whenever what the person reads changes. */
  grant: z.int().positive(),
  standing: z.enum([...caseRoles, 'intake']),
  /** Null is the whole case. */
  sections: scopeSchema.nullable(),
  /** The sealed compartments that are open, for good or for as long as the membership. */
  compartments: z.array(compartmentSchema),
  /** When the membership ends, in milliseconds since the Unix epoch by the service's clock; null when it does not. */
  untilMs: z.int().nonnegative().nullable(),
  /** Compartments that are open for a while, because the person broke the glass. */
  glass: z.array(z.object({ compartment: compartmentSchema, untilMs: z.int().nonnegative() })),
});
export type CaseAccess = z.infer<typeof caseAccessSchema>;

export const casePageSchema = z.object({
  case: caseIdSchema,
  /** Left out for who leads the case and was given it under the first epoch. */
  access: caseAccessSchema.optional(),
  /**
   * What the person reads has changed since the laptop's cursor: the case comes from its beginning, and replaces what
   * is there.
   */
  anew: z.literal(true).optional(),
  /** `2026-0147`; given by the service when a case first arrives. */
  number: z.string(),
  runs: z.array(logRunSchema),
  head: signedHeadSchema,
  /** True when the log goes on after this page. */
  more: z.boolean(),
});
export type CasePage = z.infer<typeof casePageSchema>;

/** Asks what the newest statement of the witness says about these cases. */
export const witnessRequestSchema = z.strictObject({ cases: z.array(caseIdSchema).min(1).max(100) });
export const witnessAnswerSchema = z.object({
  cases: z.array(z.object({ case: caseIdSchema, witnessed: witnessedSchema })),
});
export type WitnessAnswer = z.infer<typeof witnessAnswerSchema>;

/** That somebody broke the glass: for the organisation's data protection officers. */
export const brokenGlassSchema = z.object({
  /** Counts them in the organisation, without gaps. */
  number: z.int().positive(),
  case: caseIdSchema,
  caseNumber: z.string(),
  user: userIdSchema,
  compartment: compartmentSchema,
  /** In the person's own words; null when the case's content was destroyed. */
  reason: z.string().nullable(),
  atMs: z.int().nonnegative(),
  untilMs: z.int().nonnegative(),
});
export type BrokenGlass = z.infer<typeof brokenGlassSchema>;

/** Entries of the user's own log, in order. */
export const userEventSchema = z.object({
  position: z.int().positive(),
  type: z.enum(['granted', 'revoked']),
  case: caseIdSchema,
});
export type UserEvent = z.infer<typeof userEventSchema>;

export const pullAnswerSchema = z.object({
  events: z.array(userEventSchema),
  cases: z.array(casePageSchema),
  more: z.boolean(),
  /** Everything that was changed before it is in this answer or was known; for the next question. */
  since: z.string().max(20).optional(),
  /** Cases that may have changed since the mark that was sent and whose cursors were not: name them and ask again. */
  unnamed: z.array(caseIdSchema).optional(),
  /** What came after `glassCursor`, for a data protection officer. */
  glass: z.array(brokenGlassSchema).optional(),
});
export type PullAnswer = z.infer<typeof pullAnswerSchema>;

/** Asks for everything at once, as pages one after the other, in place of pull after pull. */
export const streamRequestSchema = pullRequestSchema.pick({ epoch: true, userCursor: true, cursors: true });
export type StreamRequest = z.input<typeof streamRequestSchema>;

/** One line of the answer: first how many cases follow, then their pages, at last that this was all. */
export const streamLineSchema = z.union([
  casePageSchema,
  z.strictObject({ cases: z.int().nonnegative() }),
  z.strictObject({ end: z.literal(true) }),
]);
export type StreamLine = z.infer<typeof streamLineSchema>;

export const maxComparedPoints = 1_000;

/** Asked after a restore of the service: which of these points its logs have passed through, and who may see them. */
export const compareRequestSchema = z.strictObject({
  epoch: z.string(),
  points: z
    .array(
      z.strictObject({
        case: caseIdSchema,
        position: z.int().nonnegative().max(maxPosition),
        running: hashSchema,
      }),
    )
    .min(1)
    .max(maxComparedPoints),
});
export type CompareRequest = z.infer<typeof compareRequestSchema>;

/** One answer for each point, in order. */
export const compareAnswerSchema = z.object({
  known: z.array(z.boolean()).max(maxComparedPoints),
  /** Whether the person may see the case as it is there now. */
  visible: z.array(z.boolean()).max(maxComparedPoints),
});
export type CompareAnswer = z.infer<typeof compareAnswerSchema>;

/* --- attachments ---------------------------------------------------------------------------------- */

/** What the service knows of an attachment. */
export const blobStateSchema = z.object({
  sizeBytes: z.int().positive(),
  /** How many parts it has. */
  parts: z.int().positive(),
  /** Numbers of those that have arrived. */
  stored: z.array(z.int().nonnegative()),
});
export type BlobState = z.infer<typeof blobStateSchema>;

/* --- what is handed in without a proof: it proves by itself whose it is ----------------------------- */

/** `known`: it was handed in before. */
export const packetAnswerSchema = z.object({ outcome: z.enum(['kept', 'known']) });
export type PacketAnswer = z.infer<typeof packetAnswerSchema>;
