/** What screens are given to show. */
import { z } from 'zod';
import { concernLevelSchema } from '../domain/levels.ts';
import { caseRoles, orgRoleSchema } from '../domain/people.ts';
import { compartmentSchema, scopeSchema } from '../domain/sections.ts';
import { caseStatusSchema } from '../domain/workflow.ts';
import { errorCodeSchema } from '../errors.ts';
import {
  caseIdSchema,
  changeIdSchema,
  deviceIdSchema,
  recordIdSchema,
  tenantIdSchema,
  userIdSchema,
} from '../ids.ts';
import { breakKinds } from '../integrity/breaks.ts';
import { jsonSchema } from '../json.ts';
import { emergencyContactSchema } from '../sync/enrolment.ts';
import { enrolBySchema } from '../sync/identity.ts';

export const languages = ['de', 'en'] as const;
export const languageSchema = z.enum(languages);
export type Language = z.infer<typeof languageSchema>;

export const themes = ['system', 'light', 'dark'] as const;
export const themeSchema = z.enum(themes);

export const settingsSchema = z.strictObject({ language: languageSchema.nullable(), theme: themeSchema });
export type Settings = z.infer<typeof settingsSchema>;

/** What is known about edits that were not sent yet; kept outside the vault, so it may be a moment old. */
export const unsentViewSchema = z.object({
  count: z.int().nonnegative(),
  oldestAt: z.iso.datetime().nullable(),
  /** When it was counted. */
  asOf: z.iso.datetime(),
});

/** What a person should know about the vault that cannot simply be opened. */
export const vaultTroubleSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('damaged'),
    since: z.iso.datetime(),
    /** Name of the copy that was set aside; null when there was no room for one. */
    setAside: z.string().nullable(),
  }),
  z.object({
    type: z.literal('wiped'),
    at: z.iso.datetime(),
    because: z.enum(['attempts', 'remote']),
    /** Whether the service knows. */
    reported: z.boolean(),
  }),
  z.object({ type: z.literal('lease-over'), since: z.iso.datetime() }),
  /** The service's share of the key is not here any more: it has to be reached once. */
  z.object({ type: z.literal('share-needed'), since: z.iso.datetime() }),
]);

/** Whose laptop this is going to be, as a one-time code or a sign-in says. */
export const invitationSchema = z.object({
  tenant: z.object({ id: tenantIdSchema, name: z.string() }),
  user: z.object({ id: userIdSchema, name: z.string(), role: orgRoleSchema }),
  expiresAt: z.iso.datetime(),
  /** The code alone is not enough: its person has to sign in as well. */
  needsSignIn: z.boolean(),
});
export type Invitation = z.infer<typeof invitationSchema>;

/** S02: a laptop whose installation knows its organisation offers to sign in. */
export const offeredSignInSchema = z.object({ organisation: z.string(), enrolBy: enrolBySchema });
export type OfferedSignIn = z.infer<typeof offeredSignInSchema>;

/** Readable while locked; holds no case data. */
export const sessionViewSchema = z.object({
  phase: z.enum(['new', 'locked', 'unlocked']),
  user: z.object({ id: userIdSchema, name: z.string(), role: orgRoleSchema }).nullable(),
  tenant: z.object({ id: tenantIdSchema, name: z.string() }).nullable(),
  device: z.object({ id: deviceIdSchema, label: z.string() }).nullable(),
  lockedSince: z.iso.datetime().nullable(),
  lastSyncAt: z.iso.datetime().nullable(),
  /** How many wrong passphrases are left before the keys are destroyed. */
  attemptsLeft: z.int().nonnegative(),
  /** Why the session is where it is, when a person should know: the case process crashed and was restarted… */
  notice: z.enum(['crashed', 'wiped', 'idle', 'suspended', 'policy']).nullable(),
  /** Until when no passphrase is tried, after several wrong ones. */
  retryAt: z.iso.datetime().nullable(),
  trouble: vaultTroubleSchema.nullable(),
  unsent: unsentViewSchema.nullable(),
  /** The open vault is closed for a moment, for this; calls that need it fail with `vault.locked` meanwhile. */
  work: z.enum(['rotating', 'backing-up', 'expiring']).nullable(),
  /** The organisation keeps a key with which a forgotten passphrase can be replaced. */
  hasEscrow: z.boolean(),
  /** Minutes without a touch until the vault locks. */
  idleLockMinutes: z.int().positive(),
  emergency: z.array(emergencyContactSchema),
  /** S02: the organisation has an identity provider. */
  identity: z
    .object({
      signedInAt: z.iso.datetime().nullable(),
      /** Until when the exchange goes on without another sign-in; null where none is asked for. */
      dueAt: z.iso.datetime().nullable(),
    })
    .nullable(),
  /** A sign-in is under way in the browser. */
  signIn: z
    .object({
      state: z.enum(['starting', 'waiting', 'finishing']),
      /** To be opened by the person, where the host opens nothing by itself. */
      address: z.string().nullable(),
      /** Until when the browser's answer is waited for. */
      until: z.iso.datetime().nullable(),
    })
    .nullable(),
  settings: settingsSchema,
  program: z.string(),
});
export type SessionView = z.infer<typeof sessionViewSchema>;

/** What came of reading a damaged vault. */
export const salvageReportSchema = z.object({
  /** `whole`: nothing was missing and the vault opens again. `partial`: the copy holds what could be read. */
  outcome: z.enum(['whole', 'partial']),
  /** Name of the copy, in the folder of vaults set aside. */
  copy: z.string(),
  cases: z.int().nonnegative(),
  records: z.int().nonnegative(),
  /** Edits found that had not been sent. */
  unsent: z.int().nonnegative(),
  /** Parts of which something is missing. */
  lost: z.array(z.string()),
});
export type SalvageReport = z.infer<typeof salvageReportSchema>;

export const recordViewSchema = z.object({
  id: recordIdSchema,
  caseId: caseIdSchema,
  kind: z.string(),
  values: z.record(z.string(), jsonSchema),
  contested: z.array(z.string()),
  /** Send a field's entry back with the edit of that field. */
  saw: z.record(z.string(), z.array(changeIdSchema)),
  createdAt: z.iso.datetime(),
  createdBy: userIdSchema.nullable(),
  updatedAt: z.iso.datetime(),
});
export type RecordItem = z.infer<typeof recordViewSchema>;

/** One line of a list of cases or reports. */
export const caseLineSchema = z.object({
  id: caseIdSchema,
  /** `2026-0147`, or null until the service has given a number. */
  number: z.string().nullable(),
  title: z.string(),
  site: z.string().nullable(),
  status: caseStatusSchema,
  level: concernLevelSchema.nullable(),
  imminent: z.boolean(),
  lead: userIdSchema.nullable(),
  openedAt: z.iso.datetime().nullable(),
  receivedAt: z.iso.datetime().nullable(),
  emergency: z.boolean(),
  channel: z.string().nullable(),
  reassessBy: z.iso.date().nullable(),
  conflicts: z.int().nonnegative(),
  unsent: z.int().nonnegative(),
  updatedAt: z.iso.datetime(),
});
export type CaseLine = z.infer<typeof caseLineSchema>;

/** What of a case is not for this person, but is there. */
export const sealedPartSchema = z.object({
  record: recordIdSchema,
  kind: z.string(),
  compartment: compartmentSchema,
  /** The whole record is: it was written by a program that did not keep sealed fields apart. */
  whole: z.boolean(),
});
export type SealedPart = z.infer<typeof sealedPartSchema>;

/** What this person reads and writes in a case. */
export const caseRightsSchema = z.object({
  standing: z.enum([...caseRoles, 'intake']),
  /** Null is the whole case. */
  sections: scopeSchema.nullable(),
  /** The sealed compartments that are open, for whatever reason. */
  compartments: z.array(compartmentSchema),
  until: z.iso.datetime().nullable(),
  /** Those of them that are open for a while, because the person broke the glass. */
  glass: z.array(z.object({ compartment: compartmentSchema, until: z.iso.datetime() })),
});
export type CaseRights = z.infer<typeof caseRightsSchema>;

export const caseViewSchema = z.object({
  line: caseLineSchema,
  rights: caseRightsSchema,
  sealed: z.array(sealedPartSchema),
  /** All records that are not removed, oldest first; the record of kind `case` is among them. */
  records: z.array(recordViewSchema),
});
export type CaseView = z.infer<typeof caseViewSchema>;

/** Something waiting for a person on "My day". */
export const dayTaskSchema = z.object({
  type: z.enum(['triage', 'reassess', 'measure', 'conflict', 'unsigned']),
  caseId: caseIdSchema,
  recordId: recordIdSchema.nullable(),
  number: z.string().nullable(),
  caseTitle: z.string(),
  /** The measure's or observation's own words; null where the type says it all. */
  title: z.string().nullable(),
  /** Catalogue code of a measure, instrument id of an assessment, field name of a conflict. */
  detail: z.string().nullable(),
  level: concernLevelSchema.nullable(),
  /** An instant, or a day: due until that day ends where the person is. */
  dueAt: z.union([z.iso.datetime(), z.iso.date()]).nullable(),
});
export type DayTask = z.infer<typeof dayTaskSchema>;

/** One edit, told as history. */
export const historyEntrySchema = z.object({
  change: changeIdSchema,
  caseId: caseIdSchema,
  number: z.string().nullable(),
  caseTitle: z.string(),
  record: recordIdSchema,
  kind: z.string(),
  op: z.enum(['create', 'update', 'remove']),
  /** Changed fields with their new values. */
  fields: z.record(z.string(), jsonSchema),
  /** It was refused, and what it says is for its author and the case lead only. */
  withheld: z.boolean(),
  user: userIdSchema.nullable(),
  device: deviceIdSchema,
  at: z.iso.datetime(),
  state: z.enum(['unsent', 'sent', 'refused']),
  code: errorCodeSchema.nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** What came of checking the log of a case on this laptop. */
export const verifyViewSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('sound'),
    entries: z.int().nonnegative(),
    devices: z.int().nonnegative(),
    signatures: z.int().nonnegative(),
    /** Up to which entry, and in the statement of which hour, the witness named this log; null before it has. */
    witnessed: z.object({ position: z.int().nonnegative(), at: z.iso.datetime() }).nullable(),
    /** Own changes that are not in the log yet. */
    unsent: z.int().nonnegative(),
    /** By which the service's signatures were checked. */
    serviceKey: z.string(),
  }),
  z.object({
    outcome: z.literal('broken'),
    /** The first thing that is wrong. */
    at: z.object({
      kind: z.enum(breakKinds),
      position: z.int().nonnegative().optional(),
      n: z.int().positive().optional(),
    }),
    unsent: z.int().nonnegative(),
    serviceKey: z.string(),
  }),
]);
export type VerifyView = z.infer<typeof verifyViewSchema>;

/** Somebody opened a sealed compartment for themselves: what a data protection officer is told. */
export const brokenGlassViewSchema = z.object({
  caseId: caseIdSchema,
  number: z.string().nullable(),
  user: userIdSchema,
  compartment: compartmentSchema,
  /** Null when the content of the case was destroyed. */
  reason: z.string().nullable(),
  at: z.iso.datetime(),
  until: z.iso.datetime(),
  /** This person has taken note of it. */
  seen: z.boolean(),
});
export type BrokenGlassView = z.infer<typeof brokenGlassViewSchema>;

export const dayViewSchema = z.object({
  /** Newest first, those not seen before all others; empty for whoever is no data protection officer. */
  glass: z.array(brokenGlassViewSchema),
  /** Overdue, due within two weeks, or without a date; earliest first. */
  tasks: z.array(dayTaskSchema),
  recent: z.array(historyEntrySchema),
  counts: z.object({
    reports: z.int().nonnegative(),
    cases: z.int().nonnegative(),
    conflicts: z.int().nonnegative(),
    /** Tasks that wait now: overdue, due today, or without a date. */
    open: z.int().nonnegative(),
    overdue: z.int().nonnegative(),
  }),
});
export type DayView = z.infer<typeof dayViewSchema>;

export const searchHitSchema = z.object({
  caseId: caseIdSchema,
  recordId: recordIdSchema,
  kind: z.string(),
  number: z.string().nullable(),
  caseTitle: z.string(),
  level: concernLevelSchema.nullable(),
  /** The matching passage; matches stand between U+0001 and U+0002. */
  snippet: z.string(),
});
export type SearchHit = z.infer<typeof searchHitSchema>;

/** The index is still being filled: how many cases are wholly in it, and how many there are. */
export const searchFillingSchema = z.object({
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
});
export type SearchFilling = z.infer<typeof searchFillingSchema>;

export const userViewSchema = z.object({
  id: userIdSchema,
  name: z.string(),
  role: orgRoleSchema,
  active: z.boolean(),
});
export const deviceViewSchema = z.object({ id: deviceIdSchema, user: userIdSchema, label: z.string() });
