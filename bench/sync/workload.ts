/** The same work for everybody: cases, and in each of them notes that were written one after the other. */

export interface Size {
  readonly cases: number;
  readonly changesPerCase: number;
}

/** Changes with which a case begins: its own record and the report. */
export const changesOfReport = 2;

export function noteText(at: number, n: number): string {
  return `Notiz ${n} zum Fall ${at}: hat heute wieder angerufen.`;
}

export interface Weighed {
  readonly rawBytes: number;
  readonly packedBytes: number;
  readonly changes: number;
}
