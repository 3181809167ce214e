import { z } from 'zod';

/** How documents name things. At most as long as the part after the dot of a record's field name. */
export const slugSchema = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');

const words = z.string().trim().min(1);

/** One text in every language. A document that lacks one is refused. */
export const localTextSchema = z.strictObject({ de: words, en: words }).readonly();
export type LocalText = z.infer<typeof localTextSchema>;
