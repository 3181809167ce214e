/**
 * Works on a vault until it is killed, saying each thing once it was acknowledged. Arguments: profile folder, what to
 * do, driver. The first line says that the work begins; every further line is one acknowledgement, as JSON.
 */
import { hash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openProfile } from '../../../electron/core/device/profile.ts';
import { startCore, testEnrolment } from '../../../electron/core/session/testing.ts';
import { attachmentStore } from '../../../electron/core/vault/attachments/store.ts';
import { migrations } from '../../../electron/core/vault/migrations/index.ts';
import { rotateKey } from '../../../electron/core/vault/rekey.ts';
import {
  fileSecrets,
  otherPassphrase,
  testKdf,
  testPassphrase,
} from '../../../electron/core/vault/testing.ts';
import { changePassphrase, openVault } from '../../../electron/core/vault/vault.ts';
import { systemIds } from '../../../platform/crypto.ts';
import { TmaError } from '../../../shared/errors.ts';
import { newId, type RecordId } from '../../../shared/ids.ts';
import { addFile, callsOf } from './evidence.ts';
import { heavyMigrations } from './heavyMigrations.ts';

const [, , folder = '', action = ''] = process.argv;
const secrets = fileSecrets(folder);
const say = (what: unknown): void => void writeSync(1, `${JSON.stringify(what)}\n`);
const clock = { nowMs: () => Date.now(), after: () => () => undefined };

async function openCase() {
  const core = startCore({ folder, secrets, enrolment: testEnrolment() });
  await core.handlers['session.unlock']({ passphrase: testPassphrase });
  const { caseId } = await core.handlers['reports.take']({
    channel: 'phone',
    receivedAt: '2026-11-23T08:00:00.000Z',
    anonymous: true,
    reporterName: null,
    reporterContact: null,
    who: 'Unbekannt',
    whoIsAtRisk: null,
    what: 'Ein Anruf',
    where: null,
    when: null,
    behaviours: [],
    emergency: false,
  });
  return { core, caseId };
}

async function edit(): Promise<void> {
  const { core, caseId } = await openCase();
  say('begin');
  for (let n = 0; ; n++) {
    const record = newId<RecordId>(systemIds);
    const text = `Notiz ${n} ${'x'.repeat(n % 3_000)}`;
    const fields = {
      text: { value: text, saw: [] },
      writtenAt: { value: '2026-11-23T08:00:00.000Z', saw: [] },
    };
    await core.handlers['cases.edit']({ caseId, edits: [{ record, kind: 'note', op: 'create', fields }] });
    say({ caseId, record, length: text.length });
  }
}

async function attach(): Promise<void> {
  const profile = openProfile(folder);
  const store = attachmentStore(profile.folder);
  say('begin');
  for (let n = 1; ; n++) {
    const sizeBytes = ((n * 977) % 5_000) * 1_000;
    async function* content(): AsyncGenerator<Uint8Array> {
      for (let left = sizeBytes; left > 0; left -= 65_536)
        yield Buffer.alloc(Math.min(65_536, left), n % 251);
    }
    const { name, key, sha256 } = await store.write(content());
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    say({ name, key: hex(key), sha256: hex(sha256), sizeBytes });
  }
}

/** As a page does it: piece by piece through the contract, into the case with its chain of custody. */
async function evidence(): Promise<void> {
  const { core, caseId } = await openCase();
  const call = callsOf(core);
  say('begin');
  for (let n = 1; ; n++) {
    const content = Buffer.alloc(1 + ((n * 977) % 1_500) * 1_000, 97 + (n % 26));
    const described = { name: `Brief ${n}.txt`, description: null, source: 'Pforte' };
    const record = await addFile(call, { caseId, content, ...described });
    say({ caseId, record, sizeBytes: content.length, sha256: hash('sha256', content, 'hex') });
  }
}

async function rewrap(): Promise<void> {
  const profile = openProfile(folder);
  const pair = [testPassphrase, otherPassphrase];
  // Whichever opens now: the program before this one was killed between the two.
  const options = { profile, secrets, clock, kdf: testKdf };
  const swap = (from: string, to: string) =>
    changePassphrase({ ...options, passphrase: from, newPassphrase: to });
  const [first = '', second = ''] = process.argv[4] === otherPassphrase ? pair.toReversed() : pair;
  say('begin');
  for (;;) {
    await swap(first, second);
    say({ passphrase: second });
    await swap(second, first);
    say({ passphrase: first });
  }
}

async function rekey(): Promise<void> {
  const profile = openProfile(folder);
  say('begin');
  for (let n = 1; ; n++) {
    await rotateKey({ profile, secrets, clock, passphrase: testPassphrase, kdf: testKdf });
    say({ rotation: n });
  }
}

async function migrate(): Promise<void> {
  const profile = openProfile(folder);
  const options = { profile, secrets, clock, passphrase: testPassphrase };
  say('begin');
  for (let count = migrations.length + 1; ; count++) {
    try {
      const vault = await openVault({ ...options, migrations: heavyMigrations(count) });
      await vault.close();
      say({ schema: count });
    } catch (error) {
      // An earlier program got further; go on from there.
      if (!(error instanceof TmaError) || error.code !== 'vault.newer-schema') throw error;
      count = Number(error.params?.found);
    }
  }
}

const actions: Readonly<Record<string, () => Promise<void>>> = {
  edit,
  attach,
  evidence,
  rewrap,
  rekey,
  migrate,
};
await actions[action]?.();
