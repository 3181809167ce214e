import { useCallback, useState } from 'react';
import { type TmaError, toTmaError } from '../../shared/errors.ts';

export interface Action<Args extends readonly unknown[], Result> {
  /** Runs it; answers `undefined` when it failed. A second run while one is under way is dropped. */
  readonly run: (...args: Args) => Promise<Result | undefined>;
  readonly isPending: boolean;
  /** Why the last run failed; shown with `ErrorNote`. */
  readonly error: TmaError | null;
  readonly clearError: () => void;
}

/** Something a person sets off that may fail: saving, unlocking, signing. */
export function useAction<Args extends readonly unknown[], Result>(
  act: (...args: Args) => Promise<Result>,
): Action<Args, Result> {
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<TmaError | null>(null);
  const run = useCallback(
    async (...args: Args): Promise<Result | undefined> => {
      if (isPending) return undefined;
      setPending(true);
      setError(null);
      try {
        return await act(...args);
      } catch (thrown) {
        setError(toTmaError(thrown));
        return undefined;
      } finally {
        setPending(false);
      }
    },
    [act, isPending],
  );
  return { run, isPending, error, clearError: useCallback(() => setError(null), []) };
}
