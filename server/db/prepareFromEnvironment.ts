import { ConfigError } from '../config.ts';
import { databaseCaFrom, type Environment, withLogin } from '../environment.ts';
import type { Logins } from './login.ts';
import { prepareDatabase } from './prepare.ts';

const passwordShape = /^[\w-]{16,128}$/;

/** Says in a sentence what was done. @throws {ConfigError} naming what is missing or why it cannot be done. */
export async function prepareDatabaseFromEnvironment(env: Environment): Promise<string> {
  const servicePassword = env.TMA_SERVICE_PASSWORD ?? env.TMA_DATABASE_PASSWORD ?? '';
  if (!passwordShape.test(servicePassword)) {
    throw new ConfigError(
      'TMA_DATABASE_PASSWORD (or TMA_SERVICE_PASSWORD) must be 16 to 128 letters, digits, "-" or "_".',
    );
  }
  const { applied, logins } = await prepareDatabase({
    ownerUrl: ownerUrl(env),
    ownerCaPem: databaseCaFrom(env),
    servicePassword,
  });
  const migrated =
    applied.length === 0
      ? 'The database is up to date; nothing to do.'
      : `Applied migration ${applied.join(', ')}; the database is up to date.`;
  return [migrated, ...aboutEarlier(logins)].join('\n');
}

function aboutEarlier({ removed, inUse }: Logins): readonly string[] {
  return [
    ...removed.map((name) => `Removed ${name}, the login of an earlier password.`),
    ...inUse.map(
      (name) =>
        `${name}, the login of an earlier password, is in use. Migrate again when nobody uses it any more.`,
    ),
  ];
}

function ownerUrl(env: Environment): string {
  const login = { user: env.TMA_OWNER_USER, password: env.TMA_OWNER_PASSWORD };
  const url = withLogin(env.TMA_OWNER_DATABASE_URL, login);
  if (url === undefined || !URL.canParse(url))
    throw new ConfigError('TMA_OWNER_DATABASE_URL must be a postgres:// address.');
  return url;
}
