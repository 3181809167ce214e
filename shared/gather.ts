/**
 * Work side by side, behind a port: whoever plays the program by a seed (`tools/simulate`) has to say what comes before
 * what, or the same seed would not make the same run.
 */

/** Here others may go on: before and after whatever a piece of work would otherwise be told only by chance. */
export type Turn = () => Promise<void>;

/** Does all of it, and throws what the first piece to fail threw once nothing is under way any more. */
export type Gather = (works: readonly ((turn: Turn) => Promise<void>)[]) => Promise<void>;

/** So many pieces at a time, begun in their order; none is begun once one has failed. */
export function sideBySide(atOnce: number): Gather {
  return async (works) => {
    const failures: unknown[] = [];
    let next = 0;
    const lane = async () => {
      while (failures.length === 0) {
        const work = works[next++];
        if (work === undefined) return;
        await work(async () => undefined).catch((thrown: unknown) => failures.push(thrown));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    if (failures.length > 0) throw failures[0];
  };
}
