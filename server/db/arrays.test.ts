import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { base64Urls, bigints, byteas, integers, texts, uuids } from './arrays.ts';

let postgres: RunningPostgres;
let client: pg.Client;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await postgres?.stop();
});

async function read(type: string, list: Buffer): Promise<unknown> {
  const { rows } = await client.query<{ list: unknown }>(`select $1::${type}[] as list`, [list]);
  return rows[0]?.list;
}

describe('a list handed over in binary', () => {
  it('arrives as it was, of every type', async () => {
    const ids = ['019ab3c4-0000-7000-8000-0000000000ff', 'ffffffff-ffff-ffff-bfff-ffffffffffff'];
    expect(await read('uuid', uuids(ids))).toEqual(ids);
    expect(await read('int', integers([0, 1, -1, 2 ** 31 - 1]))).toEqual([0, 1, -1, 2 ** 31 - 1]);
    const numbers = [0, 1, -1, 2 ** 32, -(2 ** 32) - 1, 1_763_880_000_000, 2 ** 53 - 1];
    expect(await read('bigint', bigints(numbers))).toEqual(numbers.map(String));
    const words = ['', 'Tür offen', '{"a":"b\\"c"}', 'NULL', '𝛼'];
    expect(await read('text', texts(words))).toEqual(words);
    const bytes = [Buffer.from([]), Buffer.from([0, 92, 255])];
    expect(await read('bytea', byteas(bytes))).toEqual(bytes);
    expect(await read('bytea', base64Urls(bytes.map((one) => one.toString('base64url'))))).toEqual(bytes);
  });

  it('keeps what is null, and may be empty', async () => {
    expect(await read('text', texts(['a', null, 'b']))).toEqual(['a', null, 'b']);
    expect(await read('uuid', uuids([]))).toEqual([]);
  });
});
