import { useCallback, useEffect, useRef, useState } from 'react';
import type { InputOf, OutputOf, ProcedureName } from '../../shared/contract/procedures.ts';
import { type TmaError, toTmaError } from '../../shared/errors.ts';
import { client } from '../app/client.ts';

export interface Answer<Output> {
  /** The newest answer; kept while a newer one is on its way, so that nothing flickers. */
  readonly data: Output | null;
  readonly error: TmaError | null;
  /** True only while there is nothing to show yet. */
  readonly isLoading: boolean;
  readonly refresh: () => void;
}

interface Held<Output> {
  readonly key: string;
  readonly data: Output | null;
  readonly error: TmaError | null;
  /** An answer may be null and still be one. */
  readonly isAnswered: boolean;
}

/**
 * Asks the case process and keeps asking: anew whenever the input or the revision changes. Answers that
 * arrive out of order are dropped.
 */
export function useProcedure<N extends ProcedureName>(
  name: N,
  input: InputOf<N>,
  revision: number | string = 0,
): Answer<OutputOf<N>> {
  const key = JSON.stringify([name, input]);
  const [held, setHeld] = useState<Held<OutputOf<N>>>({ key, data: null, error: null, isAnswered: false });
  const latest = useRef(0);
  const ask = useCallback(() => {
    latest.current += 1;
    const turn = latest.current;
    const [, asked] = JSON.parse(key) as [N, InputOf<N>]; // the key is made from exactly these two
    client.call(name, asked).then(
      (data) => {
        if (turn === latest.current) setHeld({ key, data, error: null, isAnswered: true });
      },
      (thrown: unknown) => {
        if (turn === latest.current) {
          const error = toTmaError(thrown);
          setHeld((before) => {
            // What was answered to another question is none to this one.
            const data = before.key === key ? before.data : null;
            return { key, data, error, isAnswered: true };
          });
        }
      },
    );
  }, [name, key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is the reason to ask again
  useEffect(ask, [ask, revision]);
  useEffect(
    () => () => {
      latest.current += 1;
    },
    [],
  );
  const isCurrent = held.key === key;
  return {
    data: isCurrent ? held.data : null,
    error: isCurrent ? held.error : null,
    isLoading: !(isCurrent && held.isAnswered),
    refresh: ask,
  };
}
