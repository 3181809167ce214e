/** What a rehearsal tells the tasks it starts. */
export interface TaskSettings {
  readonly databaseUrl: string;
  readonly keysDir: string;
  readonly poolSize: number;
  readonly signingSeed: string;
  readonly epoch: string;
}

export interface TaskOrder extends TaskSettings {
  readonly port: number;
  /** How long it answers on after SIGTERM. */
  readonly drainMs: number;
  /** The version of the schema it needs; left out, this program's. */
  readonly neededSchema?: number;
  /** `exit`: ends at once, as a program that knows no SIGTERM; `close`: closes at once, without draining. */
  readonly onTerm: 'drain' | 'close' | 'exit';
}
