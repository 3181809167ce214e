/** From a report to a team: who sees and writes a case as it is taken, triaged, handed over and shared. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseId, caseRecordId } from '../../shared/ids.ts';
import { removedField } from '../../shared/sync/change.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Edit, type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let epoch: string;
let nowMs = Date.now();

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('team'), deps: { nowMs: () => nowMs } });
  epoch = world.service.epoch;
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

async function sees(laptop: Laptop, caseId: CaseId): Promise<boolean> {
  return (await readAll(laptop, world)).heads.has(caseId);
}
async function push(laptop: Laptop, caseId: CaseId, ...edits: Edit[]): Promise<readonly string[]> {
  const { body } = await laptop.push(epoch, laptop.write(caseId, ...edits));
  return body.segments.flatMap((one) =>
    one.outcome === 'taken' ? one.changes.map((c) => c.code ?? c.outcome) : one.code,
  );
}
const invite = (laptop: Laptop, role: string, until: string | null = null): Edit => ({
  kind: 'member',
  op: 'create',
  record: newRecordId(),
  fields: { user: laptop.user ?? '', role, until },
});
const note = (): Edit => ({ kind: 'note', op: 'create', record: newRecordId(), fields: { text: 'x' } });
const events = async (laptop: Laptop, caseId: CaseId) =>
  (await laptop.pull(epoch)).body.events.filter((event) => event.case === caseId).map((event) => event.type);

describe('a case', () => {
  it('is seen by intake until it is handed over, then by its lead and team alone', async () => {
    const [taker, intake, lead, member, stranger] = [
      await world.laptop('Taker'),
      await world.laptop('Intake', 'intake'),
      await world.laptop('Lead'),
      await world.laptop('Member', 'member'),
      await world.laptop('Stranger'),
    ];
    const everyone = [taker, intake, lead, member, stranger];
    const caseId = newCaseId();
    const begun = taker.write(caseId, received());
    await taker.push(epoch, begun);
    const seenBy = async () => {
      const seen: boolean[] = [];
      for (const laptop of everyone) seen.push(await sees(laptop, caseId));
      return seen;
    };
    expect(await seenBy()).toEqual([true, true, false, false, false]);
    const opened = { fields: { status: 'gathering', lead: lead.user ?? '' }, saw: begun.ids };
    expect(await push(intake, caseId, opened, note())).toEqual(['applied', 'access.denied']);
    expect(await seenBy()).toEqual([false, false, true, false, false]);
    expect(await events(taker, caseId)).toEqual(['granted', 'revoked']);
    expect(await events(intake, caseId)).toEqual(['granted', 'revoked']);
    expect(await push(lead, caseId, invite(member, 'member'))).toEqual(['applied']);
    expect(await seenBy()).toEqual([false, false, true, true, false]);
    expect(await push(stranger, caseId, note())).toEqual(['access.denied']);
    expect(await seenBy()).toEqual([false, false, true, true, false]);
  });

  it('stays as it is when somebody without the right says who belongs to it, and tells them so', async () => {
    const [lead, specialist, friend] = [
      await world.laptop('Lead'),
      await world.laptop('Max'),
      await world.laptop('Eve'),
    ];
    const caseId = newCaseId();
    await push(lead, caseId, received(), invite(specialist, 'specialist'));
    expect(await push(specialist, caseId, note(), invite(friend, 'lead'))).toEqual([
      'applied',
      'access.denied',
    ]);
    expect(await push(specialist, caseId, { fields: { lead: specialist.user ?? '' } })).toEqual([
      'access.denied',
    ]);
    expect(await sees(friend, caseId)).toBe(false);
  });

  it('cannot be taken over by giving the record of a membership another kind', async () => {
    const [lead, specialist] = [await world.laptop('Lead'), await world.laptop('Max')];
    const caseId = newCaseId();
    const invitation = invite(specialist, 'specialist');
    await push(lead, caseId, received(), invitation);
    const trick = { ...invitation, kind: 'note', op: 'update' as const, fields: { role: 'lead' } };
    expect(await push(specialist, caseId, trick)).toEqual(['change.malformed']);
    expect(await push(specialist, caseId, { fields: { lead: specialist.user ?? '' } })).toEqual([
      'access.denied',
    ]);
  });

  it('keeps its lead when somebody on the team removes or lowers them', async () => {
    const [lead, second] = [await world.laptop('Lead'), await world.laptop('Second')];
    const caseId = newCaseId();
    const begun = lead.write(caseId, received());
    await lead.push(epoch, begun);
    await push(lead, caseId, { fields: { status: 'gathering', lead: lead.user ?? '' }, saw: begun.ids });
    await push(lead, caseId, invite(second, 'lead'));
    expect(await push(second, caseId, invite(lead, 'member'))).toEqual(['applied']);
    expect(await push(lead, caseId, { fields: { level: 'low', levelRationale: 'calm' } })).toEqual([
      'applied',
    ]);
  });

  it('is taken back when the membership is removed or ends, and given anew from the beginning', async () => {
    const [lead, member] = [await world.laptop('Lead'), await world.laptop('Member', 'member')];
    const caseId = newCaseId();
    const until = new Date(nowMs + 60_000).toISOString();
    const invitation = invite(member, 'member', until);
    const written = lead.write(caseId, received(), invitation);
    await lead.push(epoch, written);
    expect(await sees(member, caseId)).toBe(true);
    nowMs += 60_000;
    expect(await sees(member, caseId)).toBe(false);
    expect(await events(member, caseId)).toEqual(['granted', 'revoked']);
    expect(await push(member, caseId, note())).toEqual(['access.denied']);
    const again = invite(member, 'member');
    await push(lead, caseId, again);
    expect(await sees(member, caseId)).toBe(true);
    const id = again.record ?? caseRecordId(caseId);
    const inView = (await readAll(lead, world)).view(id)?.saw.user ?? [];
    const removal: Edit = {
      kind: 'member',
      record: id,
      op: 'remove',
      fields: { [removedField]: true },
      saw: inView,
    };
    expect(await push(lead, caseId, removal)).toEqual(['applied']);
    expect(await sees(member, caseId)).toBe(false);
    expect(await events(member, caseId)).toEqual(['granted', 'revoked', 'granted', 'revoked']);
  });

  it('is not handed out in the answer that tells of its taking away, so that it begins anew on the laptop', async () => {
    const [lead, member] = [await world.laptop('Lead'), await world.laptop('Member', 'member')];
    const caseId = newCaseId();
    await push(lead, caseId, received(), invite(member, 'member', new Date(nowMs + 1_000).toISOString()));
    const { cursors } = await readAll(member, world);
    const { body: before } = await member.pull(epoch, { cursors });
    const userCursor = before.events.at(-1)?.position ?? 0;
    nowMs += 1_000;
    await member.pull(epoch, { cursors });
    await push(lead, caseId, invite(member, 'member'));
    const { body } = await member.pull(epoch, { cursors, userCursor });
    expect(body).toMatchObject({ events: [{ type: 'revoked' }, { type: 'granted' }], cases: [], more: true });
    const { body: anew } = await member.pull(epoch, { userCursor: body.events.at(-1)?.position ?? 0 });
    expect(anew.cases.find((page) => page.case === caseId)?.runs[0]?.entries[0]?.position).toBe(1);
  });

  it('ends for whoever begins a case and hands it over in the same push: their laptop is told to let go of it', async () => {
    const [ada, lead] = [await world.laptop('Ada'), await world.laptop('Lead')];
    const caseId = newCaseId();
    const handOver: Edit = { fields: { status: 'gathering' } };
    await ada.push(epoch, ada.write(caseId, received(), invite(lead, 'lead'), handOver));
    expect(await sees(ada, caseId)).toBe(false);
    expect(await events(ada, caseId)).toEqual(['revoked']);
    expect(await events(lead, caseId)).toEqual(['granted']);
  });
});
