/** Prepared statements by their text, the least recently used one let go: preparing costs more than running. */
const capacity = 256;

export class StatementCache<Statement> {
  readonly #prepare: (sql: string) => Statement;
  readonly #release: (statement: Statement) => void;
  readonly #statements = new Map<string, Statement>();

  constructor(prepare: (sql: string) => Statement, release: (statement: Statement) => void) {
    this.#prepare = prepare;
    this.#release = release;
  }

  get(sql: string): Statement {
    const found = this.#statements.get(sql);
    const statement = found ?? this.#prepare(sql);
    // Re-inserting moves it to the end of the map's order: the first key is the one unused for longest.
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    this.#trim();
    return statement;
  }

  forget(sql: string): void {
    const statement = this.#statements.get(sql);
    this.#statements.delete(sql);
    if (statement !== undefined) this.#release(statement);
  }

  clear(): void {
    for (const sql of [...this.#statements.keys()]) this.forget(sql);
  }

  #trim(): void {
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > capacity && oldest !== undefined) this.forget(oldest);
  }
}
