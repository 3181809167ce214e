/** Starts the central service on this machine, or finds the one that runs already. */
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareDatabase } from '../../server/db/prepare.ts';
import { type Service, startService } from '../../server/start.ts';
import { createAuthority, issueServerCertificate } from '../support/authority.ts';
import { rememberedPort, requireFreePort } from '../support/ports.ts';
import { startPostgres } from '../support/postgres.ts';
import { say, step } from '../support/progress.mjs';
import { ToolError } from '../support/tool-error.ts';
import { claim, type Held, liveHolder } from './claim.ts';
import type { Flags } from './flags.ts';
import { answersAt } from './health.ts';
import type { Lifetime } from './lifetime.ts';
import type { Places } from './places.ts';

/** What others need to use the service, and to act as its administrator on this machine. */
export interface ServiceAddress {
  readonly url: string;
  readonly caPem: string;
  /** Connection of the service's own login. */
  readonly databaseUrl: string;
  readonly keysDir: string;
}

export type RunningService = ServiceAddress & {
  /** The service itself, when it runs in this process; missing when another process runs it. */
  readonly own: Service | undefined;
};

export interface ServiceOptions {
  readonly places: Places;
  readonly flags: Pick<Flags, 'servicePort'>;
  readonly lifetime: Lifetime;
  /** Where the service's log lines go; a file beside its data unless told otherwise. */
  readonly logsToTerminal?: boolean;
}

/**
 * @throws {ToolError} when a port that was asked for is taken, or PostgreSQL does not start; what was started before
 *   that is registered with the lifetime, whose end stops it.
 */
export async function runService(options: ServiceOptions): Promise<RunningService> {
  const { places, lifetime } = options;
  const held = await claim(places.serviceClaim);
  if (!held.ours) return joinService(places, held.holder);
  await lifetime.started('the hold on the service', held.release);
  if (options.flags.servicePort !== undefined)
    await requireFreePort(options.flags.servicePort, '--service-port');
  if (held.afterCrash) {
    say('  An earlier run ended without stopping. Its data is taken up as it was last written.');
  }
  await mkdir(places.service, { recursive: true });
  const ownerUrl = await startDatabase(options);
  const servicePassword = randomBytes(24).toString('base64url');
  const { databaseUrl } = await step('Bringing the database up to date', () =>
    prepareDatabase({ ownerUrl, servicePassword }),
  );
  const { own, address } = await step('Starting the central service', () => startOwn(options, databaseUrl));
  await lifetime.started('the central service', own.stop);
  await held.announce({ url: address.url, databaseUrl });
  return { ...address, own };
}

/** The service that another process on this machine runs. @throws {ToolError} when there is none. */
export async function findService(places: Places): Promise<RunningService> {
  const holder = await liveHolder(places.serviceClaim);
  if (holder === undefined) {
    throw new ToolError(
      'No central service runs here. `npm start` starts one with a laptop, `npm run server` alone.',
    );
  }
  return joinService(places, holder);
}

async function startDatabase({ places, lifetime }: ServiceOptions): Promise<string> {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL !== undefined && DATABASE_URL !== '') {
    say(`  Using the PostgreSQL that DATABASE_URL names (${new URL(DATABASE_URL).host}).`);
    return DATABASE_URL;
  }
  const database = await step('Starting PostgreSQL', () =>
    startPostgres({ dataDir: join(places.service, 'postgres') }),
  );
  await lifetime.started('PostgreSQL', database.stop);
  return database.url;
}

async function startOwn(
  { places, flags, logsToTerminal = false }: ServiceOptions,
  databaseUrl: string,
): Promise<{ own: Service; address: ServiceAddress }> {
  const authority = await createAuthority(authorityDir(places));
  const { certificatePem, keyPem } = await issueServerCertificate(authority);
  const port = flags.servicePort ?? (await rememberedPort(join(places.service, 'port')));
  const log = createWriteStream(join(places.service, 'service.log'), { flags: 'a', mode: 0o600 });
  const own = await startService(
    {
      databaseUrl,
      port,
      tls: { certificatePem, keyPem },
      keysDir: keysDir(places),
      witness: { dir: join(places.service, 'witness') },
      blobs: { dir: join(places.service, 'attachments') },
    },
    logsToTerminal ? {} : { logTo: log },
  );
  const address = { url: own.url, caPem: authority.certificatePem, databaseUrl, keysDir: keysDir(places) };
  return { own, address };
}

/** How long a service that another process is just starting may take. */
const STARTING_MS = 180_000;

async function joinService(places: Places, first: Held): Promise<RunningService> {
  const deadlineMs = Date.now() + STARTING_MS;
  if (first.details === undefined)
    say(`  Process ${first.pid} is just starting the central service; waiting for it …`);
  for (;;) {
    const holder = await liveHolder(places.serviceClaim);
    if (holder === undefined || Date.now() > deadlineMs) {
      throw new ToolError(
        `Process ${first.pid}, which was starting the central service, did not get there. Try again.`,
      );
    }
    const { url, databaseUrl } = holder.details ?? {};
    const caPem = await readFile(join(authorityDir(places), 'authority.pem'), 'utf8').catch(() => '');
    if (url !== undefined && databaseUrl !== undefined && (await answersAt(url, caPem))) {
      say(`✓ Using the central service that process ${holder.pid} runs`);
      return { url, databaseUrl, caPem, keysDir: keysDir(places), own: undefined };
    }
    await new Promise((resume) => setTimeout(resume, 250));
  }
}

const authorityDir = (places: Places) => join(places.service, 'authority');
const keysDir = (places: Places) => join(places.service, 'keys');
