/**
 * Everything real, for one test file: PostgreSQL, the central service behind TLS of an authority of its own, and as
 * many laptops as wanted, each with its profile folder, its case process, its vault, its network cable and a browser
 * session of its own. A laptop that complains on its console, or whose case process meets a defect, fails its test.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { prepareDatabase } from '../../server/db/prepare.ts';
import { type Service, startService } from '../../server/start.ts';
import type { OrgRole } from '../../shared/domain/people.ts';
import { type TenantId, type UserId, userIdSchema } from '../../shared/ids.ts';
import { createAuthority, issueServerCertificate } from '../../tools/support/authority.ts';
import { startPostgres } from '../../tools/support/postgres.ts';
import { launchBrowser, root } from './browser.ts';
import { type Laptop, type LaptopOptions, startLaptop } from './laptop.ts';

export interface Person {
  readonly id: UserId;
  readonly name: string;
  readonly role: OrgRole;
}

export interface Stack {
  readonly browser: Browser;
  readonly tenant: TenantId;
  readonly tenantName: string;
  /** The service that runs now. */
  readonly service: () => Service;
  readonly caPem: string;
  person(name: string, role: OrgRole): Promise<Person>;
  /** A one-time code with which that person can set a laptop up. */
  invite(person: Pick<Person, 'id'>, lifeMs?: number): Promise<string>;
  laptop(options: LaptopOptions): Promise<Laptop>;
  stopService(): Promise<void>;
  /** At the same address as before; with another certificate than its own where one is given. */
  startServiceAgain(tls?: { readonly certificatePem: string; readonly keyPem: string }): Promise<void>;
  /**
   * After each test: pictures of all laptops below `.tma/test/` when it failed.
   * @throws {Error} that lists what any laptop complained about.
   */
  judge(test: FinishedTest): Promise<void>;
  close(): Promise<void>;
}

export interface FinishedTest {
  readonly name: string;
  readonly result?: { readonly state: string } | undefined;
}

export interface StackOptions {
  /** Makes the organisation, and whatever else is there from the beginning. Default: an empty one. */
  readonly found?: (service: Service) => Promise<{ readonly id: TenantId; readonly name: string }>;
}

const emergency = [
  { label: 'Polizei', number: '110' },
  { label: 'Werkschutz', number: '0228 555 0100' },
];

async function foundNordwerk({ admin }: Service): Promise<{ id: TenantId; name: string }> {
  const name = 'Nordwerk AG';
  return { id: await admin.createTenant({ name, settings: { emergency } }), name };
}

export async function startStack({ found = foundNordwerk }: StackOptions = {}): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'tma-journey-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const browser = await launchBrowser();
    closing.push(() => browser.close());
    const postgres = await startPostgres({ ephemeral: true });
    closing.push(() => postgres.stop());
    const { databaseUrl } = await prepareDatabase({ ownerUrl: postgres.url, servicePassword: 'only-here' });
    const authority = await createAuthority(join(folder, 'authority'));
    const { certificatePem, keyPem } = await issueServerCertificate(authority);
    const settings = {
      databaseUrl,
      tls: { certificatePem, keyPem },
      keysDir: join(folder, 'keys'),
      blobs: { dir: join(folder, 'blobs') },
      logLevel: 'error' as const,
      enrolPerMinute: 1_000,
    };
    let service = await startService(settings);
    closing.push(() => service.stop());
    const { port } = service;
    const tenant = await found(service);
    const laptops: Laptop[] = [];
    return {
      browser,
      tenant: tenant.id,
      tenantName: tenant.name,
      service: () => service,
      caPem: authority.certificatePem,
      async person(name, role) {
        const id = await service.admin.createUser({ tenant: tenant.id, name, role });
        return { id: userIdSchema.parse(id), name, role };
      },
      async invite({ id }, lifeMs) {
        const life = lifeMs === undefined ? {} : { lifeMs };
        return (await service.admin.mintCode({ tenant: tenant.id, user: id, ...life })).code;
      },
      async laptop(options) {
        const line = { port, caPem: authority.certificatePem };
        const profileDir = join(folder, `laptop-${laptops.length + 1}`);
        const laptop = await startLaptop(browser, { line, profileDir, ...options });
        laptops.push(laptop);
        closing.push(laptop.close);
        return laptop;
      },
      stopService: () => service.stop(),
      async startServiceAgain({ certificatePem: certificate, keyPem: key } = { certificatePem, keyPem }) {
        service = await startService({
          ...settings,
          port,
          tls: { certificatePem: certificate, keyPem: key },
        });
      },
      async judge(test) {
        if (test.result?.state === 'fail') await picture(laptops, test.name);
        for (const laptop of laptops) laptop.requireSilence();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function picture(laptops: readonly Laptop[], name: string): Promise<void> {
  const file = name.replaceAll(/\W+/g, '-').slice(0, 60);
  for (const [index, { page }] of laptops.entries()) {
    const path = join(root, '.tma', 'test', `${file}-${index + 1}.png`);
    await page.screenshot({ path }).catch(() => undefined);
  }
}
