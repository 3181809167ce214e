import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareDatabase } from '../../server/db/prepare.ts';
import { type Service, startService } from '../../server/start.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { demoFiles, demoSegments } from './data.ts';
import { type DemoService, loadDemoOnce } from './load.ts';
import { demoPeople } from './people.ts';

const nowMs = Date.parse('2026-11-23T09:30:00Z');
let postgres: RunningPostgres;
let service: Service;
let database: pg.Client;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-demo-'));
  postgres = await startPostgres();
  const { databaseUrl } = await prepareDatabase({ ownerUrl: postgres.url, servicePassword: 'demo' });
  service = await startService({
    databaseUrl,
    keysDir: join(folder, 'keys'),
    logLevel: 'silent',
    blobs: { dir: join(folder, 'blobs') },
  });
  database = new pg.Client({ connectionString: postgres.url });
  await database.connect();
});

afterAll(async () => {
  await database?.end();
  await service?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const count = async (query: string): Promise<number> => Number((await database.query(query)).rows[0]?.count);

describe('loading the demo data', () => {
  const load = (stateFile: string, at = nowMs) => loadDemoOnce(service, { stateFile, nowMs: at });

  it('goes on where it was broken off, with the same bytes', async () => {
    const stateFile = join(folder, 'demo.json');
    let handedIn = 0;
    const broken: DemoService = {
      admin: service.admin,
      putPart: service.putPart,
      ingest: (submitter, segments) => {
        if (++handedIn > 30) throw new Error('the power went off');
        return service.ingest(submitter, segments);
      },
    };
    await expect(loadDemoOnce(broken, { stateFile, nowMs })).rejects.toThrow('the power went off');
    // An hour later: the moment of the first try still holds.
    const loaded = await load(stateFile, nowMs + 3_600_000);
    const total = demoSegments({ nowMs }).reduce((sum, { segment }) => sum + segment.changes.length, 0);
    expect(loaded).toEqual({ cases: 40, changes: total });
    expect(await count('select count(*) from changes')).toBe(total);
  });

  it('brings the files of the cases along', async () => {
    const files = demoFiles({ nowMs });
    expect(files.length).toBeGreaterThan(2);
    expect(await count('select count(*) from blobs')).toBe(files.length);
    expect(await count('select count(*) from blob_parts')).toBe(files.length);
  });

  it('is taken by the service without a single refusal', async () => {
    expect(await count(`select count(*) from changes where status <> 'applied'`)).toBe(0);
  });

  it('happens once', async () => {
    expect(await load(join(folder, 'demo.json'))).toBeUndefined();
    expect(JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8'))).toEqual({ nowMs, isLoaded: true });
  });

  it('numbers the cases in the order in which their reports came in', async () => {
    const { rows } = await database.query<{ number: string }>('select number from cases order by case_id');
    const numbers = rows.map(({ number }) => number.slice(5));
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, i) => String(i + 1).padStart(4, '0')));
  });

  it('gives each case to its team, and the undecided reports to intake', async () => {
    const granted = (person: keyof typeof demoPeople) =>
      count(`select count(*) from grants where revoked_at is null and user_id = '${demoPeople[person].id}'`);
    expect(await granted('kessler')).toBe(29);
    expect(await granted('okafor')).toBe(29);
    expect(await granted('hr')).toBe(29);
    expect(await granted('intake')).toBe(11);
  });

  it('does not guess when its state does not read: every case would be there twice', async () => {
    const stateFile = join(folder, 'cut.json');
    await writeFile(stateFile, '{"nowM');
    await expect(load(stateFile)).rejects.toThrow(SyntaxError);
    expect(await count('select count(*) from cases')).toBe(40);
  });
});
