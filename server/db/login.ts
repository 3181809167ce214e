/**
 * The logins of the service. Each password has a login of its own: while a new password is taken into use, the tasks
 * that have the old one go on connecting, and nobody is refused in between.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';

export interface Logins {
  /** The one that belongs to the password. */
  readonly name: string;
  /** Of earlier passwords, which nobody used any more: they are gone. */
  readonly removed: readonly string[];
  /** Of earlier passwords, with connections open: they still work. */
  readonly inUse: readonly string[];
}

/**
 * What the login of a password is called: `<database>_<16 hexadecimal digits>`. PostgreSQL cuts names at 63 bytes.
 * The digits tell passwords apart; 64 bits of a hash say nothing of use about one that was drawn at random.
 */
export function loginOf(database: string, password: string): string {
  const digits = createHash('sha256').update(`tma login\n${password}`).digest('hex').slice(0, 16);
  return `${stemOf(database)}${digits}`;
}

/** Makes the login of a password, and removes those of earlier ones that nobody uses. */
export async function ensureLogin(client: pg.Client, password: string): Promise<Logins> {
  const database = await one<string>(client, 'select current_database() as value');
  const name = loginOf(database, password);
  const earlier = (await loginsOf(client, database)).filter((login) => login.name !== name);
  const known = await one<boolean>(
    client,
    'select exists (select from pg_roles where rolname = $1) as value',
    name,
  );
  const login = client.escapeIdentifier(name);
  const secret = `login password ${client.escapeLiteral(password)}`;
  const rights = 'nosuperuser nobypassrls nocreatedb nocreaterole';
  // Naming a right that only a superuser may give is refused to everybody else, as to the owner on RDS, also when it
  // takes the right away. What the login may do was settled when it was made, and a starting service looks again.
  await client.query(known ? `alter role ${login} ${secret}` : `create role ${login} ${secret} ${rights}`);
  await client.query(`grant tma_service to ${login}`);
  const idle = earlier.filter(({ used }) => !used);
  for (const { name: old } of idle) await client.query(`drop role ${client.escapeIdentifier(old)}`);
  return { name, removed: idle.map(nameOf), inUse: earlier.filter(({ used }) => used).map(nameOf) };
}

interface Login {
  readonly name: string;
  readonly used: boolean;
}

/** The logins this database's service ever had and still has. `_login` is what the only one was called once. */
async function loginsOf(client: pg.Client, database: string): Promise<readonly Login[]> {
  const { rows } = await client.query<Login>(
    `select login.rolname as name,
            exists (select from pg_stat_activity where usename = login.rolname) as used
     from pg_auth_members membership
     join pg_roles login on login.oid = membership.member
     join pg_roles service on service.oid = membership.roleid and service.rolname = 'tma_service'
     where login.rolcanlogin`,
  );
  const stem = stemOf(database);
  return rows.filter(
    ({ name }) => name.startsWith(stem) && /^(?:[0-9a-f]{16}|login)$/.test(name.slice(stem.length)),
  );
}

const stemOf = (database: string) => `${database.slice(0, 46)}_`;
const nameOf = ({ name }: Login) => name;

async function one<Value>(client: pg.Client, text: string, ...values: readonly string[]): Promise<Value> {
  const { rows } = await client.query<{ value: Value }>(text, [...values]);
  const row = rows[0];
  if (row === undefined) throw new Error(`no row: ${text}`);
  return row.value;
}
