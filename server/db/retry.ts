/** Doing a whole transaction again when the database undid it for reasons that pass. */
import { sqlState } from './connect.ts';

/** Tries in all. The laptop comes again by itself when they are used up. */
const tries = 3;
const firstPauseMs = 20;

// PostgreSQL appendix A: serialization failure, deadlock. The transaction is undone, whatever it was.
const undone = new Set(['40001', '40P01']);

/** The database undid the transaction because of another one. */
export const wasUndone = (error: unknown) => undone.has(sqlState(error) ?? '');

/** The connection ended. Whether a commit that was under way came through is not known. */
export function wasCut(error: unknown): boolean {
  if (/^(08...|57P0[123])$/.test(sqlState(error) ?? '')) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    /^connection terminated|encountered a connection error/i.test(error.message)
  );
}

/** Runs `work` again, after a short random pause, while `mayRepeat` says so; at most three times in all. */
export async function repeating<T>(
  work: () => Promise<T>,
  mayRepeat: (error: unknown) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === tries || !mayRepeat(error)) throw error;
      await new Promise((resume) => setTimeout(resume, Math.random() * firstPauseMs * 4 ** attempt));
    }
  }
}
