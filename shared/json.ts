import { z } from 'zod';

/** Any value that survives JSON unchanged: what a field of a record may hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const jsonSchema = z.json() as unknown as z.ZodType<Json>;
