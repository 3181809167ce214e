/** What can be wrong with a log, each with the words a person is told (`renderer/i18n` has them in both languages). */
export const breakKinds = [
  /** An entry is not what was written: its content or its head does not give its hash. */
  'edited',
  /** An entry is missing between others. */
  'omitted',
  /** Entries stand in another order than they were numbered. */
  'reordered',
  /** The log ends before the file, or the service's signature, says it does. */
  'truncated',
  /** The service has signed, or had witnessed, a longer log than this. */
  'rolled-back',
  /** Two different pasts: of a device, or of what the service signed. */
  'forked',
  /** It is the log of another case, or checked against another service's key. */
  'swapped',
  /** A device's signature does not cover an entry as it stands. */
  'unsigned',
  /** A signature of the service is not by its key. */
  'signature',
  /** A proof does not lead to the root of the witness. */
  'unproved',
  /** The newest statement of the witness is not proved to name this log. */
  'unwitnessed',
  /** The file cannot be read as what it should be. */
  'unreadable',
] as const;
export type BreakKind = (typeof breakKinds)[number];

/** The first thing that is wrong. */
export interface Break {
  readonly kind: BreakKind;
  /** Position in the log, or the line of a file that cannot be read. */
  readonly position?: number;
  /** For entries of a device: which of its own it is. */
  readonly n?: number;
}

export class Broken extends Error {
  override readonly name = 'Broken';
  readonly at: Break;

  constructor(at: Break) {
    super(at.kind);
    this.at = at;
  }
}

/** What `work` gives, or the break it met. Other errors pass. */
export function unlessBroken<T extends object>(
  work: () => T,
): T | { readonly outcome: 'broken'; readonly at: Break } {
  try {
    return work();
  } catch (error) {
    if (error instanceof Broken) return { outcome: 'broken', at: error.at };
    throw error;
  }
}
