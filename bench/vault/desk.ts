/** One vault on one driver, spoken to as the renderer does: through the contract, checked both ways. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { warmUp } from '../../electron/core/cases/warmUp.ts';
import { createDispatcher } from '../../electron/core/dispatch/dispatcher.ts';
import { type Laptop, openLaptop } from '../../electron/core/storage/testing.ts';
import type { VaultConnection, VaultDriver } from '../../electron/core/vault/driver.ts';
import { multipleCiphersDriver } from '../../electron/core/vault/drivers/multipleCiphers.ts';
import { loadSqlcipherDriver } from '../../electron/core/vault/drivers/sqlcipher.ts';
import type { Handlers, InputOf, OutputOf, ProcedureName } from '../../shared/contract/procedures.ts';
import { plainDriver } from './plainDriver.ts';

export interface Desk {
  readonly laptop: Laptop;
  /** Below the product: statements as they are. */
  readonly connection: VaultConnection;
  /** @throws when the contract answers with an error. */
  call<Name extends ProcedureName>(procedure: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
}

/** Opens the vault and asks for what the core asks for before the first screen; no key is derived. */
export async function openDesk(folder: string, driver: VaultDriver): Promise<Desk> {
  const opened = Promise.withResolvers<VaultConnection>();
  const watched: VaultDriver = {
    name: driver.name,
    async open(path, key, mode) {
      const connection = await driver.open(path, key, mode);
      opened.resolve(connection);
      return connection;
    },
  };
  const laptop = await openLaptop({ folder, name: 'Jana', driver: watched });
  await laptop.log.state();
  return deskOf(laptop, await opened.promise);
}

/** As the core does in the first quiet moments after unlocking. */
export function warm({ laptop }: Desk): Promise<void> {
  return warmUp(laptop.workspace, { moment: async () => true });
}

function deskOf(laptop: Laptop, connection: VaultConnection): Desk {
  const dispatch = createDispatcher({
    // Only what an open vault answers is asked for here.
    handlers: laptop.handlers as unknown as Handlers,
    isUnlocked: () => true,
    nowMs: () => performance.now(),
    onDefect(thrown) {
      throw thrown;
    },
    rateLimit: { burst: 1e9, perSecond: 1e9 },
  });
  return {
    laptop,
    connection,
    async call<Name extends ProcedureName>(procedure: Name, input: InputOf<Name>) {
      const answer = await dispatch({ type: 'call', id: 0, procedure, input });
      if (answer.type !== 'value') throw new Error(`${procedure}: ${JSON.stringify(answer)}`);
      // The dispatcher has just checked it against the schema of this very name.
      return answer.value as OutputOf<Name>;
    },
  };
}

/** The peer first. `sqlcipher` is compiled at install time and not everywhere. */
export function driversHere(wanted?: string): Readonly<Record<string, VaultDriver>> {
  const always = { plain: plainDriver, 'multiple-ciphers': multipleCiphersDriver };
  if (wanted !== undefined && !wanted.includes('sqlcipher')) return always;
  try {
    return { ...always, sqlcipher: loadSqlcipherDriver() };
  } catch {
    return always;
  }
}

/** A copy of the vault in `folder` for each driver, without encryption for the peer. */
export async function copyVault(
  folder: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const name of names) {
    const copy = join(folder, name);
    // What a run that was ended left behind.
    await rm(copy, { recursive: true, force: true });
    await mkdir(copy);
    await copyFile(join(folder, 'vault.db'), join(copy, 'vault.db'));
    if (name === 'plain') decrypt(join(copy, 'vault.db'));
    folders.set(name, copy);
  }
  return folders;
}

/** Takes the encryption off the copy for the peer. Test data only. */
function decrypt(path: string): void {
  const database = new Database(path) as Database.Database & {
    rekey(key: Buffer): number;
    key(key: Buffer): number;
  };
  database.pragma("cipher = 'sqlcipher'");
  database.pragma('legacy = 4');
  database.key(Buffer.concat([Buffer.from('raw:'), Buffer.alloc(32, 7), Buffer.alloc(16, 9)]));
  database.pragma('journal_mode = DELETE');
  database.rekey(Buffer.alloc(0));
  database.close();
}
