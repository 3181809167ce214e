import { z } from 'zod';
import { recordIdSchema, userIdSchema } from '../../ids.ts';
import { blobContentSchema } from '../../sync/blobs.ts';
import { defineKind, instant, line, text, value } from '../fields.ts';

/** Nothing larger is taken: a film of an hour goes onto a carrier of its own. */
export const maxEvidenceBytes = 512 * 1024 * 1024;

/** A file in a case. What it is never changes; what is said about it may. */
export const evidenceKind = defineKind({
  fields: {
    name: value(line, { searchable: true }),
    /** What its bytes say, not its name. */
    mediaType: value(line),
    sizeBytes: value(z.int().positive().max(maxEvidenceBytes)),
    /** SHA-256 of the file as it was handed over, hexadecimal, as other programs show it. */
    sha256: value(z.string().regex(/^[0-9a-f]{64}$/)),
    /** Where its content is, and the key to it. */
    content: value(blobContentSchema, { internal: true }),
    description: value(text, { searchable: true }),
    /** Who handed it over, or where it was found. */
    source: value(line, { searchable: true }),
    /** When what it shows took place. */
    occurredAt: value(instant),
    addedAt: value(instant),
    addedBy: value(userIdSchema),
  },
});

/** What of a piece of evidence is settled once it is in the case. */
export const settledEvidenceFields: ReadonlySet<string> = new Set([
  'name',
  'mediaType',
  'sizeBytes',
  'sha256',
  'content',
  'addedAt',
  'addedBy',
]);

export const custodyEvents = ['added', 'exported', 'removed'] as const;
export const custodyEventSchema = z.enum(custodyEvents);
export type CustodyEvent = z.infer<typeof custodyEventSchema>;

/** One link in the chain of custody of a piece of evidence; written once. */
export const custodyKind = defineKind({
  fields: {
    evidence: value(recordIdSchema),
    event: value(custodyEventSchema),
    at: value(instant),
    by: value(userIdSchema),
    /** For what it left the case, or why it was taken out. */
    reason: value(text),
  },
  appendOnly: true,
});
