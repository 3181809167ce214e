import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseRecordId } from '../../shared/ids.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { startService } from '../start.ts';
import { type Edit, Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let epoch: string;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('pull') });
  epoch = world.service.epoch;
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

/** All that is new is known; from then on a mark is enough. */
const nothing = { events: [], cases: [], more: false, since: expect.stringMatching(/^\d+$/) as string };

const note = (text = 'x'): Edit => ({ kind: 'note', op: 'create', record: newRecordId(), fields: { text } });

describe('a pull', () => {
  it('hands out a log that verifies: chains, signatures, running hash, signed head', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    await laptop.push(
      epoch,
      laptop.write(caseId, received('Tür offen'), note(), { fields: { level: 'purple' } }),
    );
    await laptop.push(epoch, laptop.write(caseId, note()), laptop.write(caseId, note()));
    const reader = await readAll(laptop, world);
    expect(reader.heads.get(caseId)?.position).toBe(5);
    expect(reader.view(caseRecordId(caseId))?.values).toEqual({ title: 'Tür offen', status: 'received' });
  });

  it('comes in pages of whole runs, as small as asked for, and says whether there is more', async () => {
    const laptop = await world.laptop('Ada');
    const cases = [newCaseId(), newCaseId(), newCaseId()];
    for (const caseId of cases) {
      await laptop.push(epoch, laptop.write(caseId, received(), note('a'.repeat(900))));
      for (let i = 0; i < 3; i++)
        await laptop.push(epoch, laptop.write(caseId, note('b'.repeat(900)), note('c')));
    }
    const { body } = await laptop.pull(epoch, { maxBytes: 1_024 });
    expect(body.more).toBe(true);
    expect(body.cases).toHaveLength(1);
    expect(body.cases[0]).toMatchObject({ more: true, head: { position: 2 } });
    const reader = await readAll(laptop, world, 1_024);
    expect(cases.map((caseId) => reader.heads.get(caseId)?.position)).toEqual([8, 8, 8]);
  });

  it('begins with what changed last', async () => {
    const laptop = await world.laptop('Ada');
    const [a, b] = [newCaseId(), newCaseId()];
    await laptop.push(epoch, laptop.write(a, received()));
    await laptop.push(epoch, laptop.write(b, received()));
    await laptop.push(epoch, laptop.write(a, note()));
    expect((await laptop.pull(epoch)).body.cases.map((page) => page.case)).toEqual([a, b]);
  });

  it('goes on inside a run where the cursor stands', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    await laptop.push(epoch, laptop.write(caseId, received(), note(), note()));
    const reader = await readAll(laptop, world);
    const client = new pg.Client({ connectionString: world.ownerUrl });
    await client.connect();
    const { rows } = await client.query('select running from changes where case_id = $1 and position = 1', [
      caseId,
    ]);
    await client.end();
    const cursors = {
      ...reader.cursors,
      [caseId]: { position: 1, running: rows[0].running.toString('base64url') },
    };
    const { body } = await laptop.pull(epoch, { cursors });
    expect(body.cases[0]?.runs).toMatchObject([
      { n: 2, entries: [{ position: 2 }, { position: 3 }], signed: { from: 1, to: 3 } },
    ]);
  });

  it('is empty when there is nothing new', async () => {
    const laptop = await world.laptop('Ada');
    await laptop.push(epoch, laptop.write(newCaseId(), received()));
    const { cursors } = await readAll(laptop, world);
    const userCursor = (await laptop.pull(epoch)).body.events.at(-1)?.position ?? 0;
    expect((await laptop.pull(epoch, { cursors, userCursor })).body).toEqual(nothing);
  });

  it('is refused for a cursor that this log never had, and for another life of the service', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    await laptop.push(epoch, laptop.write(caseId, received(), note()));
    const { running } = (await readAll(laptop, world)).heads.get(caseId) ?? { running: '' };
    for (const cursor of [
      { position: 3, running },
      { position: 1, running },
      { position: 2, running: `${'A'.repeat(43)}` },
    ]) {
      const reply = await laptop.pull(epoch, { cursors: { [caseId]: cursor } });
      expect([reply.status, reply.body]).toEqual([
        409,
        { code: 'service.log-contradicts', params: { case: caseId } },
      ]);
    }
    expect((await laptop.pull('another')).body.code).toBe('service.epoch-changed');
  });

  it('says nothing about a case of others, whatever the cursor', async () => {
    const [ada, eve] = [await world.laptop('Ada'), await world.laptop('Eve')];
    const caseId = newCaseId();
    await ada.push(epoch, ada.write(caseId, received()));
    const cursor = { position: 7, running: 'A'.repeat(43) };
    const { body } = await eve.pull(epoch, { cursors: { [caseId]: cursor } });
    expect(body).toEqual(nothing);
  });
});

describe('a pull that waits', () => {
  const settled = async (laptop: Laptop) => ({
    cursors: (await readAll(laptop, world)).cursors,
    userCursor: (await laptop.pull(epoch)).body.events.at(-1)?.position ?? 0,
    waitMs: 20_000,
  });

  it('is answered as soon as somebody else adds to the case', async () => {
    const ada = await world.laptop('Ada');
    const second = await world.laptopOf(ada.user ?? (await world.person('x')));
    const caseId = newCaseId();
    await ada.push(epoch, ada.write(caseId, received()));
    const waiting = second.pull(epoch, await settled(second));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const startMs = performance.now();
    await ada.push(epoch, ada.write(caseId, note()));
    expect((await waiting).body.cases).toMatchObject([{ case: caseId, head: { position: 2 } }]);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });

  it('is woken by a push that came in through another task of the service', async () => {
    const other = await startService({
      databaseUrl: world.databaseUrl,
      keysDir: world.keysDir,
      logLevel: 'silent',
    });
    const ada = await world.laptop('Ada');
    const caseId = newCaseId();
    await ada.push(epoch, ada.write(caseId, received()));
    const there = new Laptop(other.url, ada.device);
    Object.assign(there, { signer: ada.signer });
    const waiting = there.pull(epoch, await settled(ada));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await ada.push(epoch, ada.write(caseId, note()));
    expect((await waiting).body.cases).toHaveLength(1);
    await other.stop();
  });

  it('is woken for intake when a file leaves its sight', async () => {
    const [taker, intake] = [await world.laptop('Taker'), await world.laptop('Intake', 'intake')];
    const caseId = newCaseId();
    const begun = taker.write(caseId, received());
    await taker.push(epoch, begun);
    const waiting = intake.pull(epoch, await settled(intake));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const handedOver: Edit = { fields: { status: 'gathering', lead: taker.user ?? '' }, saw: begun.ids };
    await taker.push(epoch, taker.write(caseId, handedOver));
    expect((await waiting).body.events).toMatchObject([{ type: 'revoked', case: caseId }]);
  });

  it('is answered with nothing when its time is over', async () => {
    const ada = await world.laptop('Ada');
    const { body } = await ada.pull(epoch, { ...(await settled(ada)), waitMs: 50 });
    expect(body).toEqual(nothing);
  });

  it('does not keep the service from stopping', async () => {
    const small = await startWorld({ ownerUrl: await postgres.createDatabase('stopping') });
    const ada = await small.laptop('Ada');
    await ada.hello();
    const waiting = ada.pull(small.service.epoch, { waitMs: 50_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const startMs = performance.now();
    await small.stop();
    expect((await waiting).status).toBe(200);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

describe('a pull with a mark', () => {
  const marked = async (laptop: Laptop, since?: string, more: object = {}) => {
    const { userCursor = 0, ...rest } = more as { userCursor?: number };
    return (await laptop.pull(epoch, { userCursor, ...rest, ...(since === undefined ? {} : { since }) }))
      .body;
  };

  /** Two cases that the laptop has, and the mark of the answer that brought them. */
  async function withTwo() {
    const laptop = await world.laptop('Ada');
    const [a, b] = [newCaseId(), newCaseId()];
    await laptop.push(epoch, laptop.write(a, received()));
    await laptop.push(epoch, laptop.write(b, received()));
    const reader = await readAll(laptop, world);
    const { events } = await marked(laptop);
    const userCursor = events.at(-1)?.position ?? 0;
    const { since = '' } = await marked(laptop, undefined, { cursors: reader.cursors, userCursor });
    return { laptop, a, b, cursors: reader.cursors, userCursor, since };
  }

  it('names nothing and hears of nothing while nothing changes', async () => {
    const { laptop, since, userCursor } = await withTwo();
    const answer = await marked(laptop, since, { userCursor });
    expect(answer).toMatchObject({ events: [], cases: [], more: false });
    expect(answer.unnamed).toBeUndefined();
    expect(BigInt(answer.since ?? '0')).toBeGreaterThanOrEqual(BigInt(since));
  });

  it('is told which case changed, and gets it once its cursor is named', async () => {
    const { laptop, a, cursors, since, userCursor } = await withTwo();
    await laptop.push(epoch, laptop.write(a, note()));
    const told = await marked(laptop, since, { userCursor });
    expect(told).toMatchObject({ cases: [], unnamed: [a] });
    expect(told.since).toBeUndefined();
    const answer = await marked(laptop, since, { userCursor, cursors: { [a]: cursors[a] } });
    expect(answer).toMatchObject({ cases: [{ case: a, head: { position: 2 } }], more: false });
    expect(answer.unnamed).toBeUndefined();
  });

  it('misses nothing of a transaction that was open when the mark was made', async () => {
    const { laptop, a, b, cursors, userCursor } = await withTwo();
    const open = new pg.Client({ connectionString: world.ownerUrl });
    await open.connect();
    await open.query('begin');
    await open.query('update cases set changed_ms = changed_ms where case_id = $1', [a]);
    // Later transactions come and go meanwhile.
    await laptop.push(epoch, laptop.write(b, note()));
    const between = await marked(laptop, undefined, { cursors, userCursor });
    await open.query('commit');
    await open.end();
    const { unnamed } = await marked(laptop, between.since ?? '', { userCursor });
    expect(unnamed).toContain(a);
  });

  it('hears of a case that was granted since, which nobody changed', async () => {
    const { laptop, since } = await withTwo();
    const { unnamed } = await marked(laptop, since, { userCursor: 0 });
    expect(unnamed).toHaveLength(2);
  });

  it('that this database has not come to yet is no mark: every case is asked for', async () => {
    const { laptop, userCursor } = await withTwo();
    const { unnamed } = await marked(laptop, '9'.repeat(18), { userCursor });
    expect(unnamed).toHaveLength(2);
  });

  it('shows nothing of a case that the person may not see', async () => {
    const { since, a } = await withTwo();
    const other = await world.laptop('Ben');
    const answer = await marked(other, '1', { cursors: { [a]: { position: 0, running: 'A'.repeat(43) } } });
    expect(answer).toMatchObject({ events: [], cases: [], more: false });
    expect(answer.unnamed).toBeUndefined();
    expect(since).not.toBe('');
  });
});
