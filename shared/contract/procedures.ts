/**
 * The contract between the renderer and the case process: every call there is, with the schema of what
 * goes in and what comes out. Both are checked, strictly, on every call.
 */
import { z } from 'zod';
import { warningBehaviourSchema } from '../domain/behaviours.ts';
import { instant, line, text } from '../domain/fields.ts';
import { reportChannelSchema } from '../domain/kinds/report.ts';
import { concernLevelSchema } from '../domain/levels.ts';
import { caseRoleSchema } from '../domain/people.ts';
import { caseStatusSchema, triageOutcomeSchema } from '../domain/workflow.ts';
import { caseIdSchema, changeIdSchema, recordIdSchema, userIdSchema } from '../ids.ts';
import { instrumentSchema } from '../instruments/schema.ts';
import { jsonSchema } from '../json.ts';
import { measuresCatalogueSchema } from '../measures/schema.ts';
import { opSchema } from '../sync/change.ts';
import { conflictLineSchema, conflictViewSchema } from './conflictViews.ts';
import { evidenceProcedures } from './evidenceProcedures.ts';
import { fileProcedures, transferSchema } from './fileProcedures.ts';
import { leaseProcedures } from './leaseProcedures.ts';
import { type Procedure, procedure } from './procedure.ts';
import { changePlaceSchema, refusalSchema, syncCaseSchema, syncViewSchema } from './syncViews.ts';
import {
  brokenGlassViewSchema,
  caseLineSchema,
  caseViewSchema,
  dayViewSchema,
  deviceViewSchema,
  historyEntrySchema,
  invitationSchema,
  offeredSignInSchema,
  recordViewSchema,
  salvageReportSchema,
  searchFillingSchema,
  searchHitSchema,
  sessionViewSchema,
  settingsSchema,
  userViewSchema,
  verifyViewSchema,
} from './views.ts';

const nothing = z.strictObject({});
const done = z.strictObject({});
const locked = { whenLocked: true } as const;
const passphrase = z.string().min(1).max(1_000);

/** One edit of one record. `saw` is what the view gave for the field; absent fields were empty. */
export const recordEditSchema = z.strictObject({
  record: recordIdSchema,
  kind: z.string(),
  op: opSchema,
  /** New values; for `set` fields `{add, remove}`. Empty for a removal. */
  fields: z.record(z.string(), z.strictObject({ value: jsonSchema, saw: z.array(changeIdSchema) })),
});
export type RecordEdit = z.infer<typeof recordEditSchema>;

const phoneReport = z.strictObject({
  channel: reportChannelSchema,
  receivedAt: instant,
  anonymous: z.boolean(),
  reporterName: line.nullable(),
  reporterContact: line.nullable(),
  who: line.min(1),
  whoIsAtRisk: line.nullable(),
  what: text.min(1),
  where: line.nullable(),
  when: line.nullable(),
  behaviours: z.array(warningBehaviourSchema),
  emergency: z.boolean(),
});
export type ReportInput = z.infer<typeof phoneReport>;

const draftName = z.string().regex(/^[a-z][a-z0-9/-]{0,99}$/);

const casesFilter = z.strictObject({
  list: z.enum(['reports', 'cases']),
  statuses: z.array(caseStatusSchema).optional(),
  text: z.string().max(200).optional(),
  sort: z.enum(['number', 'title', 'level', 'status', 'due', 'updated', 'received']).default('updated'),
  descending: z.boolean().default(true),
  offset: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(500).default(100),
});

export const procedures = {
  ...fileProcedures,
  ...evidenceProcedures,
  ...leaseProcedures,
  'session.get': procedure(nothing, sessionViewSchema, locked),
  /** Asks the service whom a one-time code is for, without using it up. */
  'session.checkCode': procedure(
    z.strictObject({ code: z.string().min(1).max(64) }),
    invitationSchema,
    locked,
  ),
  /** S02: whether this laptop can be set up by signing in with the organisation. */
  'session.offer': procedure(nothing, z.object({ offer: offeredSignInSchema.nullable() }), locked),
  /** Signs in with the organisation, in the system's browser; the answer comes when that is over, or failed. */
  'session.signIn': procedure(nothing, z.object({ invitation: invitationSchema.nullable() }), locked),
  'session.cancelSignIn': procedure(nothing, done, locked),
  /** Forgets what the organisation's identity provider gave, and tells it. */
  'session.signOut': procedure(nothing, sessionViewSchema),
  /**
   * Creates the vault, then redeems the code, or the sign-in just made where there is none. Fails with nothing left
   * behind, so it can be tried again.
   */
  'session.enrol': procedure(
    z.strictObject({
      code: z.string().min(1).max(64).optional(),
      label: z.string().min(1).max(80),
      passphrase,
    }),
    sessionViewSchema,
    locked,
  ),
  'session.unlock': procedure(z.strictObject({ passphrase }), sessionViewSchema, locked),
  /** Closes the vault and ends the case process; a fresh, locked one takes its place. */
  'session.lock': procedure(nothing, done, locked),
  'session.checkPassphrase': procedure(
    z.strictObject({ passphrase: z.string().max(1_000) }),
    z.object({
      acceptable: z.boolean(),
      problem: z
        .enum(['vault.passphrase-short', 'vault.passphrase-long', 'vault.passphrase-common'])
        .nullable(),
      /** 0 … 4, for a strength meter. */
      strength: z.int().min(0).max(4),
    }),
    locked,
  ),
  /** The person touched the keyboard or the mouse: puts the lock for idleness off. */
  'session.activity': procedure(nothing, done, locked),
  /** Wraps the data key anew; a wrong current passphrase counts as an attempt. */
  'vault.changePassphrase': procedure(z.strictObject({ passphrase, newPassphrase: passphrase }), done),
  /** Encrypts the whole vault under a new data key; the vault is closed meanwhile and open again afterwards. */
  'vault.rotateKey': procedure(z.strictObject({ passphrase }), sessionViewSchema),
  /** Replaces a forgotten passphrase with the organisation's escrow key; the service is told at the next contact. */
  'vault.recover': procedure(
    z.strictObject({ escrowKey: z.string().min(1).max(100), newPassphrase: passphrase }),
    sessionViewSchema,
    locked,
  ),
  /** Reads what can be read out of a damaged vault; see {@link salvageReportSchema}. */
  'vault.salvage': procedure(z.strictObject({ passphrase }), salvageReportSchema, locked),
  /**
   * Writes a backup to a place the person chooses in the host's dialog; null when they chose none. The vault is
   * closed meanwhile and open again afterwards.
   */
  'vault.backUp': procedure(
    z.strictObject({ passphrase }),
    z.object({ saved: z.object({ sizeBytes: z.int().positive(), files: z.int().positive() }).nullable() }),
  ),
  /**
   * Makes this laptop's vault from a backup: opened with the passphrase of the laptop it comes from, or with the
   * organisation's escrow key. With the latter a new passphrase is chosen; otherwise it stays.
   */
  'vault.restore': procedure(
    z.strictObject({
      transfer: transferSchema,
      opener: z.union([
        z.strictObject({ passphrase }),
        z.strictObject({ escrowKey: z.string().min(1).max(100), newPassphrase: passphrase }),
      ]),
    }),
    sessionViewSchema,
    locked,
  ),
  'settings.set': procedure(settingsSchema.partial(), settingsSchema, locked),

  'day.get': procedure(nothing, dayViewSchema),
  /** The person has taken note of who broke the glass; it stays in the list. */
  'day.seenGlass': procedure(
    brokenGlassViewSchema.pick({ caseId: true, user: true, compartment: true, at: true }).strict(),
    done,
  ),

  'reports.take': procedure(phoneReport, z.object({ caseId: caseIdSchema })),
  'reports.triage': procedure(
    z.strictObject({
      caseId: caseIdSchema,
      outcome: triageOutcomeSchema,
      reason: text,
      /** For `open`: */
      title: line.optional(),
      site: line.optional(),
      lead: userIdSchema.optional(),
      team: z.array(z.strictObject({ user: userIdSchema, role: caseRoleSchema })).optional(),
      purpose: text.optional(),
      legalBasis: line.optional(),
    }),
    caseLineSchema,
  ),

  'cases.list': procedure(
    casesFilter,
    z.object({ lines: z.array(caseLineSchema), total: z.int().nonnegative() }),
  ),
  'cases.get': procedure(z.strictObject({ caseId: caseIdSchema }), caseViewSchema),
  /** Edits that stand or fall together when there are several. Answers with the records as they are now. */
  'cases.edit': procedure(
    z.strictObject({ caseId: caseIdSchema, edits: z.array(recordEditSchema).min(1).max(200) }),
    z.object({ line: caseLineSchema, records: z.array(recordViewSchema), changes: z.array(changeIdSchema) }),
  ),
  'cases.history': procedure(
    z.strictObject({
      caseId: caseIdSchema,
      record: recordIdSchema.optional(),
      offset: z.int().nonnegative().default(0),
      limit: z.int().min(1).max(500).default(100),
    }),
    z.object({ entries: z.array(historyEntrySchema), total: z.int().nonnegative() }),
  ),
  /** Checks the whole log of the case here: hashes, chains, signatures, the service's signed head. */
  'cases.verify': procedure(z.strictObject({ caseId: caseIdSchema }), verifyViewSchema),
  /**
   * Writes the log of the case, without its content, to a place the person chooses in the host's dialog: a file that
   * `npm run verify:chain` checks anywhere. `saved` is false when they chose none.
   */
  'cases.exportLog': procedure(z.strictObject({ caseId: caseIdSchema }), z.object({ saved: z.boolean() })),

  /** A new assessment, begun from the last signed one with the same instrument where there is one. */
  'assessments.start': procedure(
    z.strictObject({ caseId: caseIdSchema, instrument: z.string().max(100) }),
    z.object({ assessmentId: recordIdSchema }),
  ),
  /** Level decision, rationale and signature, and the case's own level with it. */
  'assessments.sign': procedure(
    z.strictObject({
      caseId: caseIdSchema,
      assessmentId: recordIdSchema,
      level: concernLevelSchema,
      rationale: text,
      imminent: z.boolean(),
    }),
    caseViewSchema,
  ),

  'conflicts.list': procedure(nothing, z.object({ lines: z.array(conflictLineSchema) })),
  'conflicts.get': procedure(
    z.strictObject({ caseId: caseIdSchema, recordId: recordIdSchema, field: z.string().max(200) }),
    conflictViewSchema.nullable(),
  ),

  'search.query': procedure(
    z.strictObject({ text: z.string().max(200), limit: z.int().min(1).max(100).default(20) }),
    z.object({ hits: z.array(searchHitSchema), filling: searchFillingSchema.nullable() }),
  ),

  'sync.get': procedure(nothing, syncViewSchema),
  'sync.now': procedure(nothing, syncViewSchema),
  /** Works offline until switched back: nothing is sent or fetched. */
  'sync.hold': procedure(z.strictObject({ offline: z.boolean() }), syncViewSchema),
  /** Case by case: those that need somebody, then those that wait, the oldest first; `all` adds the others. */
  'sync.cases': procedure(
    z.strictObject({ which: z.enum(['open', 'all']), limit: z.int().min(1).max(20_000).default(20_000) }),
    z.object({
      lines: z.array(syncCaseSchema),
      total: z.int().nonnegative(),
      open: z.int().nonnegative(),
    }),
  ),
  /** Refused changes, the newest first; those already read only where they are asked for. */
  'sync.refusals': procedure(
    z.strictObject({ withRead: z.boolean(), limit: z.int().min(1).max(1_000).default(1_000) }),
    z.object({ refusals: z.array(refusalSchema), read: z.int().nonnegative() }),
  ),
  /** Says that the person has read them. */
  'sync.readRefusals': procedure(
    z.strictObject({ places: z.array(changePlaceSchema).min(1).max(1_000) }),
    syncViewSchema,
  ),

  'catalogue.get': procedure(
    nothing,
    z.object({ instruments: z.array(instrumentSchema), measures: measuresCatalogueSchema }),
  ),
  /** A form begun and not saved, kept on this laptop only; null when there is none. */
  'drafts.get': procedure(z.strictObject({ name: draftName }), z.object({ value: jsonSchema })),
  /** Keeps a form begun; null forgets it. */
  'drafts.put': procedure(z.strictObject({ name: draftName, value: jsonSchema }), done),

  /** E14: the only way text leaves a screen; the host forgets it after a while and at the lock. */
  'clipboard.copy': procedure(z.strictObject({ text: z.string().min(1).max(100_000) }), done),

  'directory.get': procedure(
    nothing,
    z.object({ users: z.array(userViewSchema), devices: z.array(deviceViewSchema) }),
  ),
} as const satisfies Readonly<Record<string, Procedure>>;

export type Procedures = typeof procedures;
export type ProcedureName = keyof Procedures;
/** What a caller passes. */
export type InputOf<N extends ProcedureName> = z.input<Procedures[N]['input']>;
/** What a handler receives. */
export type ParsedInputOf<N extends ProcedureName> = z.output<Procedures[N]['input']>;
export type OutputOf<N extends ProcedureName> = z.output<Procedures[N]['output']>;

export const procedureNames = Object.keys(procedures) as readonly ProcedureName[];

/** The case process's side: one handler per procedure. Handlers throw `TmaError` for expected failures. */
export type Handlers = { readonly [N in ProcedureName]: (input: ParsedInputOf<N>) => Promise<OutputOf<N>> };
