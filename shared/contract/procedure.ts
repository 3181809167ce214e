import type { z } from 'zod';

/** One thing the renderer may ask of the case process. */
export interface Procedure<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
  /** Answered while the vault is locked; everything else gets `vault.locked`. */
  readonly whenLocked: boolean;
}

export function procedure<I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
  options: { readonly whenLocked?: boolean } = {},
): Procedure<I, O> {
  return { input, output, whenLocked: options.whenLocked ?? false };
}
