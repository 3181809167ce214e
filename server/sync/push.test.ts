import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, nodeCrypto, signerFromSeed, systemIds } from '../../platform/crypto.ts';
import { type ChangeId, caseRecordId, type GroupId, newId } from '../../shared/ids.ts';
import { withhold } from '../../shared/sync/change.ts';
import { isHeadSigned } from '../../shared/sync/log.ts';
import { signSegment } from '../../shared/sync/segment.ts';
import type { PushAnswer } from '../../shared/sync/wire.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { Laptop, newCaseId, newRecordId, type Reply, received } from '../testing/laptop.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let epoch: string;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('push') });
  epoch = world.service.epoch;
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

const note = (text: string) => ({
  kind: 'note',
  op: 'create' as const,
  record: newRecordId(),
  fields: { text },
});
const taken = (reply: Reply<PushAnswer>, at = 0) => {
  const outcome = reply.body.segments[at];
  if (outcome?.outcome !== 'taken') throw new Error(`not taken: ${JSON.stringify(reply.body)}`);
  return outcome;
};
const outcomes = (reply: Reply<PushAnswer>, at = 0) =>
  taken(reply, at).changes.map((change) => change.outcome);
const positions = (reply: Reply<PushAnswer>, at = 0) =>
  taken(reply, at).changes.map((change) => change.position);

describe('a push', () => {
  it('begins a case with its first change and gives it the next number of the year', async () => {
    const laptop = await world.laptop('Ada');
    const numbers: string[] = [];
    for (const title of ['one', 'two']) {
      const caseId = newCaseId();
      expect(outcomes(await laptop.push(epoch, laptop.write(caseId, received(title))))).toEqual(['applied']);
      const { body } = await laptop.pull(epoch);
      numbers.push(body.cases.find((page) => page.case === caseId)?.number ?? '');
    }
    const year = new Date().getUTCFullYear();
    expect(numbers[0]).toMatch(new RegExp(`^${year}-\\d{4}$`));
    expect(Number(numbers[1]?.slice(5))).toBe(Number(numbers[0]?.slice(5)) + 1);
  });

  it('answers with a head that the service signed', async () => {
    const laptop = await world.laptop('Ada');
    const { head } = taken(await laptop.push(epoch, laptop.write(newCaseId(), received(), note('x'))));
    expect(head.position).toBe(2);
    expect(isHeadSigned(head, world.service.publicKey, nodeCrypto)).toBe(true);
  });

  it('changes nothing the second time, as after a lost answer', async () => {
    const laptop = await world.laptop('Ada');
    const written = laptop.write(newCaseId(), received(), note('x'));
    const first = await laptop.push(epoch, written);
    const second = await laptop.push(epoch, written);
    expect(outcomes(second)).toEqual(['duplicate', 'duplicate']);
    expect(positions(second)).toEqual(positions(first));
    expect(taken(second).head).toEqual(taken(first).head);
  });

  it('looks for what it knows before it numbers: a resend that overlaps leaves no gap', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const [a, b, c] = [
      laptop.write(caseId, received()),
      laptop.write(caseId, note('b')),
      laptop.write(caseId, note('c')),
    ];
    await laptop.push(epoch, a, b);
    const changes = [a, b, c].flatMap((written) => written.segment.changes);
    const all = signSegment(
      { caseId, device: laptop.device, prev: { n: 0, hash: a.segment.prev }, changes },
      laptop.signer,
      nodeCrypto,
    );
    const reply = await laptop.push(epoch, all);
    expect(outcomes(reply)).toEqual(['duplicate', 'duplicate', 'applied']);
    expect(positions(reply)).toEqual([1, 2, 3]);
    expect((await readAll(laptop, world)).heads.get(caseId)?.position).toBe(3);
  });

  it('takes the same segment twice in one push once', async () => {
    const laptop = await world.laptop('Ada');
    const written = laptop.write(newCaseId(), received());
    const reply = await laptop.push(epoch, written, written);
    expect([outcomes(reply, 0), outcomes(reply, 1)]).toEqual([['applied'], ['duplicate']]);
  });

  it('says that a change is missing when a segment comes too early, and takes it after the missing one', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const [a, b, c] = [
      laptop.write(caseId, received()),
      laptop.write(caseId, note('b')),
      laptop.write(caseId, note('c')),
    ];
    await laptop.push(epoch, a);
    expect((await laptop.push(epoch, c)).body.segments).toEqual([
      { outcome: 'refused', case: caseId, code: 'change.gap' },
    ]);
    expect(positions(await laptop.push(epoch, b, c), 1)).toEqual([3]);
  });

  it('keeps a change that came without its content in its place, and lets it change nothing', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    await laptop.push(epoch, laptop.write(caseId, received()));
    const { segment } = laptop.write(caseId, note('private'), note('private too'));
    const bare = { ...segment, changes: segment.changes.map((change) => withhold(change, nodeCrypto)) };
    const max = await world.laptop('Max');
    expect((await max.push(epoch, bare)).body.segments).toMatchObject([{ code: 'change.withheld' }]);
    const { changes } = taken(await laptop.push(epoch, bare));
    expect(changes.map(({ outcome, code }) => [outcome, code])).toEqual(
      Array(2).fill(['quarantined', 'change.withheld']),
    );
    expect(outcomes(await laptop.push(epoch, laptop.write(caseId, note('next'))))).toEqual(['applied']);
    const { heads, records } = await readAll(laptop, world);
    expect(heads.get(caseId)?.position).toBe(4);
    expect(records.size).toBe(2);
    const again = await laptop.push(epoch, segment);
    expect(outcomes(again)).toEqual(['duplicate', 'duplicate']);
    const begun = laptop.write(newCaseId(), received()).segment;
    const [first] = begun.changes;
    if (first === undefined) throw new Error('a segment has a change');
    const { body } = await laptop.push(epoch, { ...begun, changes: [withhold(first, nodeCrypto)] });
    expect(body.segments).toMatchObject([{ outcome: 'refused', code: 'case.not-found' }]);
  });

  it('takes the good cases of a push and says why it did not take the others', async () => {
    const laptop = await world.laptop('Ada');
    const good = laptop.write(newCaseId(), received());
    const unknown = laptop.write(newCaseId(), note('of a case that never began'));
    const tampered = laptop.write(newCaseId(), received());
    const [change] = tampered.segment.changes;
    const altered = {
      ...tampered.segment,
      changes: [{ ...change, payload: '{}', head: change?.head ?? '', salt: change?.salt ?? '' }],
    };
    const { body } = await laptop.push(epoch, unknown, altered, good);
    expect(body.segments.map((one) => (one.outcome === 'taken' ? 'taken' : one.code))).toEqual([
      'case.not-found',
      'change.signature-invalid',
      'taken',
    ]);
  });

  it('refuses a push for an earlier life of the service', async () => {
    const laptop = await world.laptop('Ada');
    const reply = await laptop.push('another', laptop.write(newCaseId(), received()));
    expect([reply.status, reply.body.code]).toEqual([409, 'service.epoch-changed']);
  });

  it('lets only those begin a case who take reports', async () => {
    for (const role of ['member', 'reviewer', 'dpo', 'administrator'] as const) {
      const laptop = await world.laptop('Max', role);
      const { body } = await laptop.push(epoch, laptop.write(newCaseId(), received()));
      expect(body.segments).toMatchObject([{ outcome: 'refused', code: 'access.denied' }]);
    }
  });
});

describe('a change that may not count', () => {
  it('keeps its place in the log with the reason and holds nothing up', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const wrong = { fields: { level: 'purple', levelRationale: 'calm' } };
    const reply = await laptop.push(
      epoch,
      laptop.write(caseId, received(), wrong, { fields: { level: 'low', levelRationale: 'calm' } }),
    );
    expect(taken(reply).changes).toMatchObject([
      { outcome: 'applied' },
      { outcome: 'quarantined', code: 'record.field-invalid', position: 2 },
      { outcome: 'applied', position: 3 },
    ]);
    expect((await readAll(laptop, world)).view(caseRecordId(caseId))?.values.level).toBe('low');
  });

  it('is told to be refused when it is sent again, too', async () => {
    const laptop = await world.laptop('Ada');
    const written = laptop.write(newCaseId(), received(), { fields: { level: 'purple' } });
    await laptop.push(epoch, written);
    expect(taken(await laptop.push(epoch, written)).changes[1]).toEqual({
      n: 2,
      outcome: 'duplicate',
      position: 2,
      code: 'record.field-invalid',
      receivedAtMs: expect.any(Number),
    });
  });

  it('takes the others of its group with it', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const group = newId<GroupId>(systemIds);
    await laptop.push(epoch, laptop.write(caseId, received('before')));
    const reply = await laptop.push(
      epoch,
      laptop.write(
        caseId,
        { group, fields: { title: 'after' } },
        { group, fields: { level: 'purple' } },
        { fields: { site: 'Bonn' } },
      ),
    );
    expect(outcomes(reply)).toEqual(['quarantined', 'quarantined', 'applied']);
    expect((await readAll(laptop, world)).view(caseRecordId(caseId))?.values).toEqual({
      title: 'before',
      status: 'received',
      site: 'Bonn',
    });
  });

  it('is a step the workflow does not know, judged by the status its author saw', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const begun = laptop.write(caseId, received());
    const opened = laptop.write(caseId, { fields: { status: 'gathering' }, saw: begun.ids });
    await laptop.push(epoch, begun, opened);
    // Written by somebody who still saw `received`: apart, not wrong.
    const apart = laptop.write(caseId, { fields: { status: 'rejected' }, saw: begun.ids });
    const wrong = laptop.write(caseId, { fields: { status: 'closed' }, saw: opened.ids });
    const reply = await laptop.push(epoch, apart, wrong);
    expect(taken(reply, 0).changes).toMatchObject([{ outcome: 'applied' }]);
    expect(taken(reply, 1).changes).toMatchObject([
      { outcome: 'quarantined', code: 'case.transition-refused' },
    ]);
  });

  it('is one whose payload cannot be read, or that gives a record another kind', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const record = newRecordId();
    const reply = await laptop.push(
      epoch,
      laptop.write(
        caseId,
        received(),
        { kind: 'observation', record, op: 'create', fields: { text: 'Tür offen' } },
        { kind: 'member', record, fields: { role: 'lead' } },
        { kind: 'case', record: newRecordId(), op: 'create', fields: { title: 'a second case in the case' } },
        { kind: 'note', fields: { 'not a name': 1 } },
      ),
    );
    expect(taken(reply).changes.map((change) => change.code)).toEqual([
      undefined,
      undefined,
      'change.malformed',
      'change.malformed',
      'change.malformed',
    ]);
  });

  it('is not one of a newer program: kinds and fields that the service does not know are kept as they are', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const record = newRecordId();
    const reply = await laptop.push(
      epoch,
      laptop.write(
        caseId,
        { ...received(), fields: { ...received().fields, horizon: 'far' } },
        { kind: 'drone-flight', record, op: 'create', fields: { height: { metres: 12 } } },
        { schema: 99, fields: { level: 'ultraviolet' } },
      ),
    );
    expect(outcomes(reply)).toEqual(['applied', 'applied', 'applied']);
    const reader = await readAll(laptop, world);
    expect(reader.view(record)?.values).toEqual({ height: { metres: 12 } });
    expect(reader.view(caseRecordId(caseId))?.values).toMatchObject({ horizon: 'far', level: 'ultraviolet' });
  });
});

describe('a forged or forked chain', () => {
  it('cannot be handed in under the name of another device', async () => {
    const max = await world.laptop('Max');
    const forged = new Laptop(world.service.url, max.device).write(newCaseId(), received());
    expect((await max.push(epoch, forged)).body.segments).toMatchObject([
      { code: 'change.signature-invalid' },
    ]);
    const stranger = new Laptop(world.service.url).write(newCaseId(), received());
    expect((await max.push(epoch, stranger)).body.segments).toMatchObject([{ code: 'auth.device-unknown' }]);
  });

  it('is refused when a segment does not follow on what the log holds', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    await laptop.push(epoch, laptop.write(caseId, received()));
    const next = laptop.write(caseId, note('x')).segment;
    const prev = { n: 1, hash: Buffer.from(nodeCrypto.randomBytes(32)).toString('base64url') };
    const broken = signSegment(
      { caseId, device: laptop.device, prev, changes: next.changes },
      laptop.signer,
      nodeCrypto,
    );
    expect((await laptop.push(epoch, broken)).body.segments).toMatchObject([{ code: 'change.chain-broken' }]);
  });

  it.each([
    ['another change with the same number', false],
    ['another change with the same id', true],
  ])('%s sets the device apart, and nothing of it is written', async (_what, sameId) => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const first = laptop.write(caseId, received(), note('once'));
    await laptop.push(epoch, first);
    const id = first.ids[1] as ChangeId;
    const clone = new Laptop(world.service.url, laptop.device);
    Object.assign(clone, { signer: laptop.signer });
    const second = sameId
      ? laptop.write(caseId, note('fine'), { ...note('again'), id })
      : clone.write(caseId, received('rewritten'));
    const other = laptop.write(newCaseId(), received());
    const reply = await laptop.push(epoch, second, other);
    expect(reply.body.segments[0]).toMatchObject({ outcome: 'refused', code: 'change.id-reused' });
    expect((await laptop.pull(epoch)).body.code).toBe('change.id-reused');
    const colleague = await world.laptopOf(laptop.user ?? (await world.person('nobody')));
    expect((await readAll(colleague, world)).heads.get(caseId)?.position).toBe(2);
  });

  it('cannot be signed by a key that is none', async () => {
    const laptop = await world.laptop('Ada');
    Object.assign(laptop, { signer: signerFromSeed(newSigningSeed()) });
    expect((await laptop.pull(epoch)).body.code).toBe('auth.proof-invalid');
  });
});
