import { z } from 'zod';

/** The languages every text of an instrument or measure must have. A document that lacks one is refused. */
export const languages = ['de', 'en'] as const;
export type Language = (typeof languages)[number];

const words = z.string().trim().min(1);

/** One text in every language. */
export const localTextSchema = z.strictObject({ de: words, en: words }).readonly();
export type LocalText = z.infer<typeof localTextSchema>;
