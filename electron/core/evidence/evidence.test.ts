/** Files in a case, through the contract and a real vault. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pieceBytes } from '../../../shared/contract/fileProcedures.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import type { FilePlace, PlaceRequest } from '../process/control.ts';
import { startCore, type TestCore, testEnrolment } from '../session/testing.ts';
import { filesContaining, memorySecrets, temporaryFolder, testPassphrase } from '../vault/testing.ts';

vi.setConfig({ testTimeout: 120_000 });

const pdf = Buffer.from('%PDF-1.7\nKanarienvogel im Brief\n%%EOF\n');
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let folder: ReturnType<typeof temporaryFolder>;
let secrets: ReturnType<typeof memorySecrets>;
let enrolment: ReturnType<typeof testEnrolment>;
let core: TestCore;
let place: FilePlace | null;
let asked: PlaceRequest[];
let caseId: CaseId;

const start = () =>
  startCore({
    ...{ folder: join(folder.path, 'profile'), secrets, enrolment },
    async choosePlace(request) {
      asked.push(request);
      return place;
    },
  });

beforeEach(async () => {
  folder = temporaryFolder();
  secrets = memorySecrets();
  enrolment = testEnrolment();
  place = null;
  asked = [];
  core = start();
  await core.handlers['session.enrol']({ code: 'ABCD-1234', label: 'Laptop', passphrase: testPassphrase });
  const taken = await core.handlers['reports.take']({
    ...{ channel: 'phone', receivedAt: '2026-11-23T08:00:00.000Z', anonymous: true, emergency: false },
    ...{ reporterName: null, reporterContact: null, who: 'Unbekannt', whoIsAtRisk: null },
    ...{ what: 'Ein Brief', where: null, when: null, behaviours: [] },
  });
  caseId = taken.caseId;
});
afterEach(async () => {
  await core.close();
  folder[Symbol.dispose]();
});

async function add(name: string, bytes: Buffer, upTo = bytes.length): Promise<RecordId> {
  const { transfer } = await core.handlers['files.begin']({ sizeBytes: bytes.length });
  const described = { description: 'Lag im Postfach', source: 'Poststelle', occurredAt: null };
  const answer = core.handlers['evidence.add']({ caseId, transfer, name, ...described });
  let over = false;
  answer.finally(() => (over = true)).catch(() => undefined);
  for (let at = 0; at < upTo && !over; at += pieceBytes) {
    const piece = bytes.subarray(at, Math.min(upTo, at + pieceBytes)).toString('base64');
    await core.handlers['files.put']({ transfer, bytes: piece }).catch(() => undefined);
  }
  if (upTo < bytes.length) await core.handlers['files.cancel']({ transfer });
  return (await answer).recordId;
}

const view = () => core.handlers['cases.get']({ caseId });
const recordsOf = async (kind: string) => (await view()).records.filter((record) => record.kind === kind);
const filesOnDisk = () => readdirSync(join(folder.path, 'profile', 'attachments'));
const custody = async () => (await recordsOf('custody')).map(({ values }) => values.event);

describe('a file that is added', () => {
  it('is in the case with its type, size, checksum, source and the first link of custody', async () => {
    const recordId = await add('Drohbrief.pdf', pdf);
    const [record] = await recordsOf('evidence');
    expect(record).toMatchObject({
      id: recordId,
      values: {
        name: 'Drohbrief.pdf',
        mediaType: 'application/pdf',
        sizeBytes: pdf.length,
        sha256: createHash('sha256').update(pdf).digest('hex'),
        description: 'Lag im Postfach',
        source: 'Poststelle',
      },
    });
    expect(await custody()).toEqual(['added']);
    expect(await core.handlers['evidence.places']({ caseId })).toEqual({
      here: [{ recordId, isSent: false }],
    });
    expect(filesContaining(folder.path, 'Kanarienvogel')).toEqual([]);
    expect(filesOnDisk()).toHaveLength(1);
  });

  it('never shows a screen where its content is or the key to it', async () => {
    const recordId = await add('Drohbrief.pdf', pdf);
    const history = await core.handlers['cases.history']({ caseId, record: recordId, offset: 0, limit: 10 });
    for (const shown of [await view(), history]) expect(JSON.stringify(shown)).not.toContain('"key"');
    expect(history.entries[0]?.fields).toHaveProperty('sha256');
  });

  it('of 200 MB comes in and goes out with little memory', () => {
    const script = new URL('fixtures/bigEvidence.ts', import.meta.url).pathname;
    const target = join(folder.path, 'big');
    mkdirSync(target);
    const output = execFileSync(process.execPath, ['--expose-gc', script, target], { encoding: 'utf8' });
    const { sizeBytes, grownBytes } = JSON.parse(output) as { sizeBytes: number; grownBytes: number };
    expect(sizeBytes).toBe(200 * 1024 * 1024);
    expect(grownBytes).toBeLessThan(64 * 1024 * 1024);
  });

  it('is found by its name and by what was said about it', async () => {
    await add('Drohbrief.pdf', pdf);
    for (const text of ['drohbrief', 'postfach', 'poststelle']) {
      expect((await core.handlers['search.query']({ text, limit: 10 })).hits).toHaveLength(1);
    }
  });

  it.each([
    ['Programm.pdf', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2_000)])],
    ['Seite.html', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['Bild.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['Text.txt', Buffer.from([0x50, 0x00, 0x01, 0x02])],
    ['Archiv.zip', Buffer.from('504b0506000000000000000000000000000000000000', 'hex')],
    ['ohne Endung', Buffer.from('nur Text')],
  ])('is refused when it is of no kind that evidence is of: %s', async (name, bytes) => {
    await expect(add(name, bytes)).rejects.toMatchObject({ code: 'evidence.type-refused' });
    expect(filesOnDisk()).toEqual([]);
    expect(await recordsOf('evidence')).toEqual([]);
  });

  it('leaves nothing when it breaks off, is larger than may be, or the case is not there', async () => {
    const large = Buffer.concat([pdf, Buffer.alloc(3 * pieceBytes)]);
    await expect(add('Film.pdf', large, pieceBytes)).rejects.toMatchObject({ code: 'files.interrupted' });
    const { transfer } = await core.handlers['files.begin']({ sizeBytes: 600 * 1024 * 1024 });
    const described = { description: null, source: null, occurredAt: null, name: 'Film.mp4' };
    await expect(core.handlers['evidence.add']({ caseId, transfer, ...described })).rejects.toMatchObject({
      code: 'evidence.too-large',
      params: { maxMegabytes: 512 },
    });
    expect(filesOnDisk()).toEqual([]);
    expect(await recordsOf('evidence')).toEqual([]);
  });

  it('that a dying program left without a case is removed when the vault opens', async () => {
    await add('Drohbrief.pdf', pdf);
    const [kept] = filesOnDisk();
    writeFileSync(join(folder.path, 'profile', 'attachments', '0'.repeat(32)), 'left over');
    writeFileSync(join(folder.path, 'profile', 'attachments', `${'1'.repeat(32)}.part`), 'half');
    await core.close();
    core = start();
    await core.handlers['session.unlock']({ passphrase: testPassphrase });
    expect(filesOnDisk()).toEqual([kept]);
  });
});

describe('a piece of evidence', () => {
  it('may be described anew, and is otherwise settled', async () => {
    const recordId = await add('Drohbrief.pdf', pdf);
    const edit = (fields: Record<string, string>, op: 'update' | 'create' | 'remove' = 'update') =>
      core.handlers['cases.edit']({
        caseId,
        edits: [
          {
            ...{ record: recordId, kind: 'evidence', op },
            fields: Object.fromEntries(
              Object.entries(fields).map(([name, value]) => [name, { value, saw: [] }]),
            ),
          },
        ],
      });
    await edit({ description: 'Zweiter Brief' });
    for (const field of ['name', 'sha256', 'content', 'addedAt']) {
      await expect(edit({ [field]: 'x' })).rejects.toMatchObject({ code: 'evidence.settled' });
    }
    await expect(edit({}, 'remove')).rejects.toMatchObject({ code: 'evidence.settled' });
  });

  it('is shown on the screen piece by piece when it is a picture, and each look is audited', async () => {
    const recordId = await add('Foto.png', png);
    const { bytes, isLast } = await core.handlers['evidence.read']({ caseId, recordId, chunk: 0 });
    expect(Buffer.from(bytes, 'base64').equals(png)).toBe(true);
    expect(isLast).toBe(true);
    await expect(core.handlers['evidence.read']({ caseId, recordId, chunk: 1 })).rejects.toMatchObject({
      code: 'input.invalid',
    });
    const letter = await add('Drohbrief.pdf', pdf);
    await expect(
      core.handlers['evidence.read']({ caseId, recordId: letter, chunk: 0 }),
    ).rejects.toMatchObject({ code: 'evidence.type-refused' });
  });

  it('leaves the vault only for a reason, byte for byte, and with a link in its chain of custody', async () => {
    const recordId = await add('Drohbrief.pdf', pdf);
    const target = join(folder.path, 'out.pdf');
    const leave = (reason: string) => core.handlers['evidence.export']({ caseId, recordId, reason });
    await expect(leave('  ')).rejects.toMatchObject({ code: 'evidence.reason-missing' });
    expect(asked).toEqual([]);
    expect(await leave('Anzeige bei der Polizei')).toEqual({ saved: false });
    expect(await custody()).toEqual(['added']);
    place = { type: 'file', path: target };
    expect(await leave('Anzeige bei der Polizei')).toEqual({ saved: true });
    expect(asked.at(-1)).toEqual({ name: 'Drohbrief.pdf', sizeBytes: pdf.length });
    expect(readFileSync(target).equals(pdf)).toBe(true);
    const links = await recordsOf('custody');
    expect(links.map(({ values }) => [values.event, values.reason ?? null, values.evidence])).toEqual([
      ['added', null, recordId],
      ['exported', 'Anzeige bei der Polizei', recordId],
    ]);
  });

  it('that could not be written whole leaves no half file behind, and the attempt in the chain', async () => {
    const recordId = await add('Drohbrief.pdf', pdf);
    const [file = ''] = filesOnDisk();
    writeFileSync(join(folder.path, 'profile', 'attachments', file), 'damaged');
    const target = join(folder.path, 'out.pdf');
    place = { type: 'file', path: target };
    const leaving = core.handlers['evidence.export']({ caseId, recordId, reason: 'Anzeige' });
    await expect(leaving).rejects.toMatchObject({ code: 'vault.damaged' });
    expect(existsSync(target) || existsSync(`${target}.part`)).toBe(false);
    expect(await custody()).toEqual(['added', 'exported']);
  });

  it('is taken out of the case for a reason; its custody stays', async () => {
    const recordId = await add('Drohbrief.pdf', pdf);
    await core.handlers['evidence.remove']({ caseId, recordId, reason: 'Falscher Fall' });
    expect(await recordsOf('evidence')).toEqual([]);
    expect(await custody()).toEqual(['added', 'removed']);
    await expect(
      core.handlers['evidence.export']({ caseId, recordId, reason: 'Anzeige' }),
    ).rejects.toMatchObject({ code: 'record.not-found' });
  });
});
