/** E15: an unexpected error reduced to what may be written to a log. */
import type { Defect } from './control.ts';

const PLACE = /^\s+at (?:.*\()?((?:file:|node:|\/|[A-Za-z]:\\)[^()]*:\d+:\d+)\)?$/;

/** The error's class and the places in the program it passed; never its message, which may hold case data. */
export function describeDefect(thrown: unknown): Defect {
  if (!(thrown instanceof Error)) return { name: typeof thrown, places: [] };
  const places = (thrown.stack ?? '')
    .split('\n')
    .map((line) => PLACE.exec(line)?.[1])
    .filter((place) => place !== undefined)
    .map((place) => place.split(/[\\/]/).slice(-3).join('/'))
    .slice(0, 20);
  // A class name is part of the program; anything longer is not a class name.
  return { name: thrown.constructor.name.slice(0, 80), places };
}
