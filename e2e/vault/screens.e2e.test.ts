/** The screens before the vault is open, as a person meets them, with everything real. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { enrol, lock, tryPassphrase, unlock } from '../journey/steps/gate.ts';
import { passphrases } from '../journey/story.ts';
import type { Laptop } from '../support/laptop.ts';
import { damageVault, deviceFile } from '../support/profileFiles.ts';
import { type Person, type Stack, startStack } from '../support/stack.ts';

vi.setConfig({ testTimeout: 240_000 });

const language = 'de';

const passphrase = passphrases.de;
const other = 'gelber Regenschirm im Keller';

let stack: Stack;
let person: Person;
beforeAll(async () => {
  stack = await startStack();
  person = await stack.person('Jana Petersen', 'specialist');
});
afterAll(() => stack?.close());
afterEach(({ task }) => stack?.judge(task));

function waitText(laptop: Laptop, time: string): RegExp {
  return new RegExp(laptop.say('session:unlock.wait', { time }));
}

async function newLaptop(): Promise<Laptop> {
  const laptop = await stack.laptop({ language });
  await enrol(laptop, { code: await stack.invite(person), label: 'Laptop 17', passphrase });
  return laptop;
}

describe('a laptop of the organisation', () => {
  test('leaves nothing in the page at the lock, and takes another passphrase and another key', async () => {
    const laptop = await newLaptop();
    await laptop.page.evaluate(() => Object.assign(window, { canary: 'left over' }));
    await lock(laptop);
    expect(await laptop.page.evaluate(() => 'canary' in window)).toBe(false);
    await unlock(laptop, passphrase);
    await laptop.goTo('/settings');
    await laptop.press('settings:security.change');
    const change = laptop.dialog('settings:security.change');
    await laptop.fill('settings:security.current', passphrase, change);
    await laptop.fill('settings:security.new', other, change);
    await laptop.fill('settings:security.repeat', other, change);
    await laptop.press('settings:security.change', change);
    await laptop.text('settings:security.changed').waitFor();
    await laptop.press('settings:security.rotate');
    const renew = laptop.dialog('settings:security.rotate');
    await laptop.fill('settings:security.passphrase', other, renew);
    await laptop.press('settings:security.rotate', renew);
    await laptop.text('settings:security.rotated').waitFor();
    await lock(laptop);
    await unlock(laptop, other);
  });

  test('waits after wrong passphrases, counting down, and says what became of it at the tenth', async () => {
    const laptop = await newLaptop();
    await lock(laptop);
    const device = deviceFile(laptop);
    for (let attempt = 1; attempt <= 5; attempt++) {
      await tryPassphrase(laptop, 'falsch geraten, leider');
      await laptop.page
        .getByText(laptop.say('session:unlock.attempts_other', { count: String(10 - attempt) }))
        .first()
        .waitFor();
    }
    const wait = laptop.page.getByText(waitText(laptop, '0:[0-2]\\d'));
    await wait.waitFor();
    expect(await laptop.field('session:unlock.passphrase').isDisabled()).toBe(true);
    device.passTime();
    await laptop.page.reload();
    for (let attempt = 6; attempt <= 10; attempt++) {
      await tryPassphrase(laptop, 'falsch geraten, leider');
      if (attempt < 10) await laptop.page.getByText(waitText(laptop, '\\d+:\\d\\d')).waitFor();
      device.passTime();
      if (attempt < 10) await laptop.page.reload();
    }
    await laptop.heading('session:wiped.title').waitFor();
    await laptop.press('session:wiped.enrol');
    await enrol(laptop, { code: await stack.invite(person), label: 'Laptop 17', passphrase });
  });

  test('is told what is kept and what was not sent when its vault is damaged', async () => {
    const laptop = await newLaptop();
    await lock(laptop);
    damageVault(laptop);
    await tryPassphrase(laptop, passphrase);
    await laptop.heading('session:damaged.title').waitFor();
    expect(await laptop.page.getByText(/^vault-.*\.db$/).count()).toBe(1);
    await laptop.fill('session:unlock.passphrase', passphrase);
    await laptop.press('session:damaged.try');
    await laptop.page.getByText(laptop.say('errors:vault.salvage-failed.title')).first().waitFor();
  });

  test('destroys its keys within a minute of being called back', { timeout: 240_000 }, async () => {
    const laptop = await newLaptop();
    const device = deviceFile(laptop).deviceId();
    await stack.service().admin.revokeDevice(stack.tenant, device);
    await laptop.heading('session:wiped.title').waitFor({ timeout: 60_000 });
    await laptop.page.getByText(laptop.say('session:wiped.remote')).waitFor();
  });
});
