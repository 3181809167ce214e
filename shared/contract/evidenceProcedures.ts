/** Files in a case. Their records come with the case; here is what is done with their content. */
import { z } from 'zod';
import { instant, line, text } from '../domain/fields.ts';
import { caseIdSchema, recordIdSchema } from '../ids.ts';
import { transferSchema } from './fileProcedures.ts';
import { procedure } from './procedure.ts';

const evidence = { caseId: caseIdSchema, recordId: recordIdSchema };
/** Why it leaves the case; nothing leaves without. */
const reason = text.min(1);

export const evidenceProcedures = {
  /** Which files are on this laptop, and whether the service has them as well. */
  'evidence.places': procedure(
    z.strictObject({ caseId: caseIdSchema }),
    z.object({ here: z.array(z.object({ recordId: recordIdSchema, isSent: z.boolean() })) }),
  ),
  /** Takes a file that comes in by `files.put`; answered when it is in the case. */
  'evidence.add': procedure(
    z.strictObject({
      caseId: caseIdSchema,
      transfer: transferSchema,
      name: line.min(1),
      description: text.nullable(),
      source: line.nullable(),
      occurredAt: instant.nullable(),
    }),
    z.object({ recordId: recordIdSchema }),
  ),
  /** Brings a file here that another laptop has sent; answered when it is. */
  'evidence.fetch': procedure(z.strictObject(evidence), z.strictObject({})),
  /** A megabyte of a picture or a text, base64, for the screen. */
  'evidence.read': procedure(
    z.strictObject({ ...evidence, chunk: z.int().nonnegative() }),
    z.object({ bytes: z.string(), isLast: z.boolean() }),
  ),
  /** Writes the file to a place the person chooses; false when they chose none. */
  'evidence.export': procedure(z.strictObject({ ...evidence, reason }), z.object({ saved: z.boolean() })),
  /** Takes it out of the case; history and custody stay. */
  'evidence.remove': procedure(z.strictObject({ ...evidence, reason }), z.strictObject({})),
} as const;
