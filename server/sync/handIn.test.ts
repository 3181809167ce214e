/** What others wrote, brought back by a laptop that holds it: for a service that was restored from a backup. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CompareAnswer } from '../../shared/sync/wire.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Edit, Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let epoch: string;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('handin') });
  epoch = world.service.epoch;
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

const note = (text: string): Edit => ({
  kind: 'note',
  op: 'create',
  record: newRecordId(),
  fields: { text },
});

describe('a segment that another laptop hands in', () => {
  it('counts as what its author wrote, with the rights of the author', async () => {
    const [ada, max] = [await world.laptop('Ada'), await world.laptop('Max', 'member')];
    const caseId = newCaseId();
    const written = ada.write(caseId, received(), note('by Ada'));
    const { body } = await max.push(epoch, written);
    expect(body.segments).toMatchObject([
      { outcome: 'taken', changes: [{ outcome: 'applied' }, { outcome: 'applied' }] },
    ]);
    expect((await ada.push(epoch, written)).body.segments).toMatchObject([
      { changes: [{ outcome: 'duplicate' }, { outcome: 'duplicate' }] },
    ]);
    // Who carried it sees no more than before.
    expect((await readAll(max, world)).heads.has(caseId)).toBe(false);
    expect((await readAll(ada, world)).heads.get(caseId)?.position).toBe(2);
  });

  it('keeps its place among what others wrote, so that a membership comes before what it allows', async () => {
    const [ada, max] = [await world.laptop('Ada'), await world.laptop('Max', 'member')];
    const caseId = newCaseId();
    const begun = ada.write(caseId, received());
    const opened = ada.write(caseId, {
      fields: { status: 'gathering', lead: ada.user ?? '' },
      saw: begun.ids,
    });
    const invited = ada.write(caseId, {
      kind: 'member',
      op: 'create',
      record: newRecordId(),
      fields: { user: max.user ?? '', role: 'member' },
    });
    const { body } = await max.push(epoch, begun, opened, invited, max.write(caseId, note('by Max')));
    expect(body.segments.map((one) => one.outcome)).toEqual(['taken', 'taken', 'taken', 'taken']);
    expect(body.segments[3]).toMatchObject({ changes: [{ outcome: 'applied' }] });
  });

  it('of a laptop that was withdrawn is kept and does not count', async () => {
    const [ada, max] = [await world.laptop('Ada'), await world.laptop('Max')];
    const caseId = newCaseId();
    await ada.push(epoch, ada.write(caseId, received()));
    const late = ada.write(caseId, note('written before the loss'));
    await world.service.admin.revokeDevice(world.tenant, ada.device);
    expect((await max.push(epoch, late)).body.segments).toMatchObject([
      { changes: [{ outcome: 'quarantined', code: 'auth.device-revoked' }] },
    ]);
  });

  it('sets nobody apart who only carries what was written apart', async () => {
    const [ada, max] = [await world.laptop('Ada'), await world.laptop('Max')];
    const caseId = newCaseId();
    await ada.push(epoch, ada.write(caseId, received()));
    const clone = new Laptop(world.service.url, ada.device);
    Object.assign(clone, { signer: ada.signer });
    expect((await max.push(epoch, clone.write(caseId, received('apart')))).body.segments).toMatchObject([
      { outcome: 'refused', code: 'change.id-reused' },
    ]);
    expect((await max.pull(epoch)).status).toBe(200);
    expect((await ada.pull(epoch)).status).toBe(200);
  });
});

describe('a comparison of logs', () => {
  it('knows the points a log has passed through, and no others', async () => {
    const [ada, max] = [await world.laptop('Ada'), await world.laptop('Max', 'member')];
    const caseId = newCaseId();
    await ada.push(epoch, ada.write(caseId, received(), note('a'), note('b')));
    const heads = (await readAll(ada, world)).heads.get(caseId);
    const end = { case: caseId, position: 3, running: heads?.running ?? '' };
    const points = [
      end,
      { ...end, position: 2 },
      { ...end, case: newCaseId() },
      { ...end, running: toBase64Url(nodeCrypto.randomBytes(32)) },
    ];
    for (const laptop of [ada, max]) {
      const { body } = await laptop.ask<CompareAnswer>('/v1/sync/compare', { epoch, points });
      expect(body.known).toEqual([true, false, false, false]);
      // Only who may see a case is told that it is there.
      const isAuthor = laptop === ada;
      expect(body.visible).toEqual([isAuthor, isAuthor, false, isAuthor]);
    }
  });

  it('is about the log of one epoch', async () => {
    const ada = await world.laptop('Ada');
    const points = [{ case: newCaseId(), position: 1, running: 'A'.repeat(43) }];
    const { status, body } = await ada.ask('/v1/sync/compare', { epoch: 'another', points });
    expect([status, body.code]).toEqual([409, 'service.epoch-changed']);
  });
});
