/**
 * S05: the routes under requests of any shape. `TMA_FUZZ_REQUESTS` says how many, `TMA_FUZZ_SEED` which; `npm run
 * prove:service` asks a hundred thousand.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { blobIdOf } from '../../shared/sync/blobs.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type FuzzRoute, fuzz } from '../testing/fuzz.ts';
import { type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { describedRoutes, questionsAbout } from '../testing/questions.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

const requests = Number(process.env.TMA_FUZZ_REQUESTS ?? 3_000);
const seed = Number(process.env.TMA_FUZZ_SEED ?? 20_261_128);

let postgres: RunningPostgres;
let world: World;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-fuzz-'));
  postgres = await startPostgres({ ephemeral: true });
  const ownerUrl = await postgres.createDatabase('fuzz');
  const config = { blobs: { dir: folder }, enrolPerMinute: 1_000_000 };
  world = await startWorld({ ownerUrl, config });
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const note = (text: string) => ({
  ...{ kind: 'note', op: 'create' as const, record: newRecordId() },
  fields: { text },
});

async function routesAbout(lead: Laptop, askers: readonly Laptop[]): Promise<readonly FuzzRoute[]> {
  const caseId = newCaseId();
  const { epoch } = world.service;
  await lead.push(epoch, lead.write(caseId, received('KANARIENVOGEL'), note('KANARIENVOGEL')));
  const blob = blobIdOf({ sizeBytes: 100, parts: [toBase64Url(Buffer.alloc(32, 7))] }, nodeCrypto);
  const known = questionsAbout({ caseId, blob, tenant: world.tenant, epoch });
  // Well-signed segments as well: into a case of one's own, and into one that is not.
  const segments = askers.flatMap((asker) => [
    asker.write(newCaseId(), received(), note('x')).segment,
    asker.write(caseId, note('y')).segment,
  ]);
  const pushes = segments.map((segment) => ({ epoch, segments: [segment] }));
  return (
    (await describedRoutes(world.service.url))
      // It makes a laptop a new device, and everything after it would fail at the door.
      .filter((route) => route !== 'POST /v1/sync/succeed')
      .map((route) => {
        const [method = '', path = ''] = route.split(' ');
        const bodies = [...(known.get(route) ?? []), ...(path === '/v1/sync/push' ? pushes : [])];
        return { method, path: path.replace('{id}', blob).replace('{n}', '0'), bodies };
      })
  );
}

describe('S05: the routes', () => {
  it(`take ${requests} requests of any shape without a crash, a defect, or a word of somebody else's case`, {
    timeout: 60_000 + requests * 60,
  }, async () => {
    const lead = await world.laptop('Ada');
    const tenant = await world.service.admin.createTenant({ name: 'Other' });
    const laptops = [
      await world.laptop('Max', 'member'),
      await world.laptop('Dora', 'dpo'),
      await world.laptop('Eve', 'specialist', tenant),
    ];
    for (const laptop of [lead, ...laptops]) await laptop.hello();
    const routes = await routesAbout(lead, laptops);
    const { url } = world.service;
    const result = await fuzz({ url, routes, laptops, secrets: ['KANARIENVOGEL'], seed, requests });
    console.log(`seed ${seed}: ${JSON.stringify(result.byStatus)}`);
    expect(result.findings.slice(0, 20)).toEqual([]);
    expect(result.asked).toBe(requests);
    expect(result.byStatus['200'] ?? 0).toBeGreaterThan(requests / 50);
    // It is all there, and the service answers as before.
    const { heads } = await readAll(lead, world);
    expect([...heads.values()].every(({ position }) => position >= 2)).toBe(true);
  });
});
