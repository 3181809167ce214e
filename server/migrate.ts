/**
 * Brings the database up to date and ends: the task that runs before a new version of the service is started. Its
 * settings are those of the database in `environment.ts`, with the schema's owner:
 *
 *   TMA_OWNER_DATABASE_URL, with TMA_OWNER_USER and TMA_OWNER_PASSWORD where the address has none
 *   TMA_DATABASE_CA, and TMA_SERVICE_PASSWORD (or TMA_DATABASE_PASSWORD): set for the service's own login
 *
 * Exit code 0 when the database is as the program needs it, 1 with a message when it is not.
 */
import { ConfigError } from './config.ts';
import { sqlState } from './db/connect.ts';
import { prepareDatabaseFromEnvironment } from './db/prepareFromEnvironment.ts';

try {
  process.stdout.write(`${await prepareDatabaseFromEnvironment(process.env)}\n`);
} catch (error) {
  process.exitCode = 1;
  const state = sqlState(error);
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  // The text of a database error may quote data; its state says what kind it is.
  else if (state !== undefined)
    process.stderr.write(
      `A migration failed with SQLSTATE ${state} and was undone. Nothing was changed by it.\n`,
    );
  else throw error;
}
