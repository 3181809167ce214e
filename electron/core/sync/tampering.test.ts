/**
 * Somebody with all rights on the service's database changes it past the service: what is in the log, how far it goes,
 * in which order. A laptop that is given such a log finds out, says so, keeps what it has, and goes on once it is mended.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { CaseId, UserId } from '../../../shared/ids.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { addNote, caseText, type Desk, openDesk, synced, takeReport } from './testing.ts';

const tables = ['cases', 'changes', 'segments', 'signed_heads', 'records'] as const;
const detected = ['service.log-contradicts', 'change.signature-invalid', 'service.answer-invalid'];

let service: RealService;
let owner: pg.Client;
let folder: string;
let user: UserId;
/** Has everything. */
let whole: Desk;
/** Has the first half. */
let half: Desk;
let caseId: CaseId;
let text: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-tampering-'));
  service = await startRealService();
  owner = new pg.Client({ connectionString: service.ownerUrl });
  await owner.connect();
  user = await service.addPerson('Anna', 'specialist');
  [whole, half] = [await sit(), await sit()];
  caseId = await takeReport(whole, 'Er hat es angekündigt.');
  for (const note of ['eins', 'zwei']) await write(note);
  await synced(half);
  // From here on each hears of the service only when it is to.
  await half.engine.hold(true);
  for (const note of ['drei', 'vier', 'fünf']) await write(note);
  await whole.engine.hold(true);
  text = await caseText(whole, caseId);
});
afterAll(async () => {
  await whole?.close();
  await half?.close();
  await owner?.end();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Each in a push of its own, so that the log has signed runs of one. */
async function write(note: string): Promise<void> {
  await addNote(whole, caseId, note);
  await synced(whole);
}

async function sit(): Promise<Desk> {
  const signer = signerFromSeed(newSigningSeed());
  return openDesk({
    ...{ folder: await mkdtemp(join(folder, 'laptop-')), name: 'Anna', signer },
    service: { url: service.url, caPem: service.caPem },
    owner: {
      deviceId: await service.register(user, signer.publicKey),
      ...{ deviceLabel: 'Laptop', userId: user, userName: 'Anna', userRole: 'specialist' },
      ...{ tenantId: service.tenant, tenantName: 'Nordwerk', serviceKey: toBase64Url(service.publicKey) },
    },
  });
}

async function past(sql: string): Promise<void> {
  // No constraint and no trigger speaks for the service.
  await owner.query(`set session_replication_role = replica; ${sql}; set session_replication_role = origin`);
}

/** Does it, lets a laptop exchange, and puts everything back. */
async function afterTampering(sql: string, laptop: Desk) {
  for (const table of tables) await owner.query(`create temporary table kept_${table} as table ${table}`);
  await past(sql.replaceAll('THIS', `case_id = '${caseId}'`));
  try {
    await laptop.engine.hold(false);
    return await synced(laptop);
  } finally {
    await laptop.engine.hold(true);
    for (const table of tables)
      await past(`delete from ${table}; insert into ${table} table kept_${table}; drop table kept_${table}`);
  }
}

/** The log goes on and every line of it was signed once; but it ends earlier than it did. */
const cutTo = (position: number) => `
  delete from changes where THIS and position > ${position};
  delete from segments where THIS and last_position > ${position};
  delete from signed_heads where THIS and position > ${position};
  update cases c set position = ${position}, changed_ms = changed_ms + 1000, running =
    (select running from changes h where h.case_id = c.case_id and h.position = ${position}) where THIS`;
const moved = `update cases set changed_ms = changed_ms + 1000 where THIS`;

/** The entries are gone, and the case row says that they are there. */
const gone = (after: number) => `
  delete from changes where THIS and position > ${after};
  delete from segments where THIS and last_position > ${after}`;

describe.each([
  ['when something arrived', `update changes set received_ms = received_ms - 1 where THIS and position = 5`],
  [
    'whether something counts',
    `update changes set status = 'quarantined', code = 'access.denied' where THIS and position = 5`,
  ],
  ['a heading', `update changes set head = replace(head, '"note"', '"mote"') where THIS and position = 5`],
  [
    'the order',
    `update changes set position = 99 where THIS and position = 5;
     update changes set position = 5 where THIS and position = 6;
     update changes set position = 6 where THIS and position = 99`,
  ],
  [
    'the number of entries: one is missing',
    `delete from changes where THIS and position = 5; delete from segments where THIS and first_position = 5`,
  ],
  ['its end: all that the first half does not have is missing', gone(4)],
  [
    'the content',
    `update changes set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where THIS and position = 5`,
  ],
  [
    'a signature',
    `update segments set sig = set_byte(sig, 0, get_byte(sig, 0) # 1) where THIS and last_position = 5`,
  ],
  // The last, because what is whole of it is taken.
  ['its end: what came last is missing', gone(5)],
])('a database in which somebody changed %s', (_what, sql) => {
  it('is found out by a laptop that has the beginning, which keeps that and goes on once it is mended', async () => {
    const view = await afterTampering(sql, half);
    expect(view).toMatchObject({ state: 'error', setAside: 1 });
    expect(detected).toContain(view.error);
    expect(await half.handlers['cases.verify']({ caseId })).toMatchObject({ outcome: 'sound' });
  });

  it('is found out by a laptop that begins', async () => {
    const fresh = await sit();
    const view = await afterTampering(sql, fresh);
    await fresh.close();
    expect(view).toMatchObject({ state: 'error', setAside: 1 });
    expect(detected).toContain(view.error);
  });
});

describe('a database that was set back, without anybody saying so', () => {
  it('is found out by a laptop that was further on, which keeps everything', async () => {
    const view = await afterTampering(cutTo(4), whole);
    expect(view).toMatchObject({ state: 'error', error: 'service.log-contradicts', setAside: 1 });
    expect(await caseText(whole, caseId)).toBe(text);
  });
});

describe('a database that shows another past', () => {
  /** The last entry is another one than the laptop was given; from there on the log fits together again. */
  const forked = `
    update changes set status = 'quarantined', code = 'access.denied', running = sha256('another')
      where THIS and position = (select max(position) from changes where THIS);
    delete from signed_heads where THIS and position = (select max(position) from changes where THIS);
    update cases set running = sha256('another') where THIS; ${moved}`;

  it('is found out by a laptop that was given the first one', async () => {
    const view = await afterTampering(forked, whole);
    expect(view).toMatchObject({ state: 'error', error: 'service.log-contradicts', setAside: 1 });
    expect(await caseText(whole, caseId)).toBe(text);
  });
});

describe('once it is mended', () => {
  it('every laptop goes on by itself, and all show the same', async () => {
    for (const laptop of [whole, half]) {
      await laptop.engine.hold(false);
      await expect(synced(laptop)).resolves.toMatchObject({ state: 'idle', error: null, setAside: 0 });
      expect(await caseText(laptop, caseId)).toBe(text);
      expect(await laptop.handlers['cases.verify']({ caseId })).toMatchObject({ outcome: 'sound' });
    }
  });
});
