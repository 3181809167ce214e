/** The same props without those whose value may be `undefined`. */
export type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/**
 * Leaves out what is `undefined`. React Aria's props are exact: a prop that is not given must not be there,
 * while our own take `undefined` for "not given".
 */
export function given<T extends object>(props: T): Partial<Given<T>> {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as Partial<
    Given<T>
  >;
}
