/**
 * What a migration may not do. While an `expand` migration runs, and for a whole release after it, the version of
 * the service before it serves requests on the same tables; so it must take nothing away, ask nothing new of rows
 * that the old version writes, and hold no lock that makes requests wait for long.
 *
 * This reads the text of statements and not their meaning, so it knows the forms it refuses; a migration's own test
 * and the rollout rehearsal, which runs both versions on the migrated database, stand behind it.
 * Source of the lock levels: PostgreSQL documentation, "ALTER TABLE" and "Explicit Locking".
 */
import type { Migration } from './migrate.ts';

export interface Finding {
  /** Number of the migration. */
  readonly migration: number;
  readonly rule: string;
  /** The beginning of the statement. */
  readonly statement: string;
}

interface Rule {
  readonly name: string;
  readonly found: (statement: string, context: Context) => boolean;
}

interface Context {
  /** Tables made by the same migration: nobody uses them yet. */
  readonly made: ReadonlySet<string>;
}

const always: readonly Rule[] = [
  {
    // Inside the transaction of a migration PostgreSQL refuses it, and outside a failure leaves half an index.
    name: 'an index made CONCURRENTLY cannot be part of a transaction: run it before, as a step of its own',
    found: (text) => /\bconcurrently\b/.test(text),
  },
  {
    name: 'ends or begins transactions by itself',
    found: (text) => /^(begin|commit|rollback|start transaction)\b/.test(text),
  },
  {
    name: 'rewrites or locks a whole table',
    found: (text) => /^(vacuum full|cluster|lock table|reindex)\b/.test(text),
  },
];

const whileOldRuns: readonly Rule[] = [
  {
    name: 'takes away what the running version may use; do it in a contract migration, one release later',
    found: (text, { made }) =>
      /^(drop|truncate)\b/.test(text) || (altersOld(text, made) && /\bdrop (?!default|not null)/.test(text)),
  },
  {
    name: 'renames what the running version uses; add the new name beside it',
    found: (text) => /\brename\b/.test(text) || /\bset schema\b/.test(text),
  },
  {
    name: 'changes the type of a column, which rewrites the table and surprises the running version',
    found: (text, { made }) =>
      altersOld(text, made) && /\balter column \S+ (set data )?type\b|\balter \S+ type\b/.test(text),
  },
  {
    name: 'asks for a value that the running version does not write; give a default, or allow null',
    found: (text, { made }) =>
      altersOld(text, made) &&
      (/\bset not null\b/.test(text) ||
        clauses(text).some(
          (one) =>
            /\badd (column )?(?!constraint)/.test(one) &&
            /\bnot null\b/.test(one) &&
            !/\bdefault\b|\bgenerated\b/.test(one),
        )),
  },
  {
    name: 'rewrites the table for a default that differs from row to row; add the column without, fill it later',
    found: (text, { made }) =>
      altersOld(text, made) &&
      /\badd\b.*\bdefault\b.*\b(random|gen_random_uuid|uuidv?\d?|clock_timestamp|nextval)\b/.test(text),
  },
  {
    name: 'checks every row under a lock; add the constraint NOT VALID and validate it in a later migration',
    found: (text, { made }) =>
      altersOld(text, made) &&
      clauses(text).some(
        (one) =>
          /\badd constraint\b|\badd (check|foreign key|unique|primary key|exclude)\b/.test(one) &&
          !/\bnot valid\b/.test(one),
      ),
  },
  {
    name: 'locks writers out while it builds an index; make it CONCURRENTLY before, as a step of its own',
    found: (text, { made }) => {
      const table = /^create (unique )?index\b.*? on (only )?([\w."]+)/.exec(text)?.[3];
      return table !== undefined && !made.has(table);
    },
  },
  {
    name: 'changes what the running version may do',
    found: (text, { made }) => /^revoke\b/.test(text) && !mentionsMade(text, made),
  },
  {
    name: 'moves many rows in one transaction; fill in batches after the deployment',
    found: (text, { made }) => {
      const table = /^(?:update|delete from) (?:only )?([\w."]+)/.exec(text)?.[1];
      return table !== undefined && !made.has(table);
    },
  },
];

/** All that is wrong, in order; none for a migration that may go out. */
export function lintMigration(migration: Migration): readonly Finding[] {
  const statements = statementsOf(migration.sql);
  const context: Context = { made: new Set(statements.flatMap(madeBy)) };
  const rules = migration.phase === 'expand' ? [...always, ...whileOldRuns] : always;
  return statements.flatMap((statement) =>
    rules
      .filter((rule) => rule.found(statement, context))
      .map((rule) => ({ migration: migration.number, rule: rule.name, statement: statement.slice(0, 120) })),
  );
}

/** Tables, functions and schemas that a statement makes anew. */
function madeBy(statement: string): readonly string[] {
  const name =
    /^create (?:or replace )?(?:unlogged )?(?:table|function|schema|view|sequence|role)(?: if not exists)? ([\w."]+)/.exec(
      statement,
    )?.[1];
  return name === undefined ? [] : [name];
}

function altersOld(text: string, made: ReadonlySet<string>): boolean {
  const table = /^alter (?:table|domain|view|type|index)(?: if exists)?(?: only)? ([\w."]+)/.exec(text)?.[1];
  return table !== undefined && !made.has(table);
}

const mentionsMade = (text: string, made: ReadonlySet<string>) =>
  [...made].some((name) => text.includes(name)) || /\bon schema public from public\b/.test(text);

/** The parts of an ALTER TABLE, split at commas outside parentheses. */
function clauses(text: string): readonly string[] {
  let depth = 0;
  const parts: string[] = [''];
  for (const letter of text) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

const tokens =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|"[^"]*"|begin atomic[\s\S]*?\bend\b|[^;'"$/-]+|[\s\S]/gi;

/** Statements in lower case, on one line each, without comments, texts and bodies of functions. */
export function statementsOf(sql: string): readonly string[] {
  const statements: string[] = [''];
  for (const [token] of sql.matchAll(tokens)) {
    if (token === ';') statements.push('');
    else if (/^(--|\/\*)/.test(token)) statements[statements.length - 1] += ' ';
    else statements[statements.length - 1] += /^(\$|'|begin atomic)/i.test(token) ? ' ? ' : token;
  }
  return statements
    .map((text) => text.replace(/\s+/g, ' ').trim().toLowerCase())
    .filter((text) => text !== '');
}
