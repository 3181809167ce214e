/** Parts that requests and answers of several kinds are made of. */
import { z } from 'zod';

/** Text as the database takes it, which keeps no zero characters. */
export const plainText = (length: number) =>
  z
    .string()
    .max(length)
    .regex(/^[^\p{Cc}]*$/u);

/** Ed25519 public key, 32 bytes in base64url. */
export const publicKeySchema = z.string().length(43);
export const hashSchema = z.string().length(43);
