/** Files that come in and go out; how, is told in `electron/core/files/transfers.ts`. */
import { z } from 'zod';
import { procedure } from './procedure.ts';

/** A file on its way in. */
export const transferSchema = z.uuid();

/** How many bytes of a file a page hands over at once: in base64 well below the cap of a call. */
export const pieceBytes = 256 * 1024;

const done = z.strictObject({});
const locked = { whenLocked: true } as const;

export const fileProcedures = {
  /** Announces a file; another procedure takes it. */
  'files.begin': procedure(
    z.strictObject({ sizeBytes: z.int().positive() }),
    z.object({ transfer: transferSchema }),
    locked,
  ),
  /** The next piece, base64. Answered when it was dealt with, so that no more waits than one piece. */
  'files.put': procedure(
    z.strictObject({ transfer: transferSchema, bytes: z.string().max((pieceBytes / 3) * 4 + 4) }),
    z.object({ receivedBytes: z.int().nonnegative() }),
    locked,
  ),
  /** The person thought better of it. */
  'files.cancel': procedure(z.strictObject({ transfer: transferSchema }), done, locked),
} as const;
