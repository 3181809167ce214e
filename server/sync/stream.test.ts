import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nonceHeader, proofHeader } from '../../shared/sync/proof.ts';
import type { StreamLine, StreamRequest } from '../../shared/sync/wire.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Edit, type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { Reader } from '../testing/reader.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('stream') });
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

const path = '/v1/sync/stream';
const note = (text = 'x'): Edit => ({ kind: 'note', op: 'create', record: newRecordId(), fields: { text } });

async function streamed(laptop: Laptop, asked: Partial<StreamRequest> = {}) {
  const body = { epoch: world.service.epoch, userCursor: 0, cursors: {}, ...asked };
  const raw = Buffer.from(JSON.stringify(body));
  const headers = { 'content-type': 'application/json', [proofHeader]: laptop.prove(path, raw) };
  const reply = await fetch(`${world.service.url}${path}`, { method: 'POST', body: raw, headers });
  laptop.nonce = reply.headers.get(nonceHeader) ?? laptop.nonce;
  const lines = (await reply.text()).split('\n').filter((line) => line !== '');
  return {
    status: reply.status,
    lines: lines.map((line) => JSON.parse(line) as StreamLine & { code?: string }),
  };
}

async function readerOf(laptop: Laptop): Promise<Reader> {
  return new Reader((await laptop.hello()).body.directory, world.service.publicKey);
}

describe('a stream', () => {
  it('hands out what pulls would, what changed last first, and says how much comes and that it was all', async () => {
    const laptop = await world.laptop('Ada');
    const { epoch } = world.service;
    const cases = Array.from({ length: 70 }, newCaseId);
    for (const caseId of cases) await laptop.push(epoch, laptop.write(caseId, received(), note()));
    await laptop.push(epoch, laptop.write(cases[3] ?? newCaseId(), note()));
    const { status, lines } = await streamed(laptop);
    expect(status).toBe(200);
    expect(lines[0]).toEqual({ cases: 70 });
    expect(lines.at(-1)).toEqual({ end: true });
    const pages = lines.flatMap((line) => ('case' in line ? [line] : []));
    expect(pages.map((page) => page.case)).toEqual([
      cases[3],
      ...cases.toReversed().filter((id) => id !== cases[3]),
    ]);
    const reader = await readerOf(laptop);
    for (const page of pages) reader.read(page);
    expect(reader.heads).toEqual((await readAll(laptop, world)).heads);
  });

  it('cuts a long log into pages that follow on each other', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    await laptop.push(world.service.epoch, laptop.write(caseId, received()));
    for (let n = 0; n < 6; n++) {
      await laptop.push(
        world.service.epoch,
        laptop.write(caseId, note('a'.repeat(240_000)), note('b'.repeat(200_000))),
      );
    }
    const { lines } = await streamed(laptop);
    const pages = lines.flatMap((line) => ('case' in line ? [line] : []));
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.map(({ more }) => more)).toEqual([...pages.slice(1).map(() => true), false]);
    const reader = await readerOf(laptop);
    for (const page of pages) reader.read(page);
    expect(reader.heads.get(caseId)?.position).toBe(13);
  });

  it('goes on where the laptop stands', async () => {
    const laptop = await world.laptop('Ada');
    const [whole, begun] = [newCaseId(), newCaseId()];
    await laptop.push(world.service.epoch, laptop.write(whole, received()));
    await laptop.push(world.service.epoch, laptop.write(begun, received()));
    const reader = await readAll(laptop, world);
    await laptop.push(world.service.epoch, laptop.write(begun, note(), note()));
    const { lines } = await streamed(laptop, { cursors: reader.cursors });
    expect(lines).toMatchObject([
      { cases: 1 },
      { case: begun, more: false, head: { position: 3 } },
      { end: true },
    ]);
  });

  it('holds nothing of a case that the person may not see', async () => {
    const ada = await world.laptop('Ada');
    await ada.push(world.service.epoch, ada.write(newCaseId(), received()));
    for (const role of ['specialist', 'administrator'] as const) {
      const ben = await world.laptop('Ben', role);
      await ben.hello();
      const { lines } = await streamed(ben);
      expect(lines).toEqual([{ cases: 0 }, { end: true }]);
    }
  });

  it('refuses as a pull does, before its first line', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    await laptop.push(world.service.epoch, laptop.write(caseId, received()));
    await expect(streamed(laptop, { epoch: 'other' })).resolves.toMatchObject({
      status: 409,
      lines: [{ code: 'service.epoch-changed' }],
    });
    const cursors = { [caseId]: { position: 9, running: 'A'.repeat(43) } };
    await expect(streamed(laptop, { cursors })).resolves.toMatchObject({
      status: 409,
      lines: [{ code: 'service.log-contradicts', params: { case: caseId } }],
    });
  });
});
