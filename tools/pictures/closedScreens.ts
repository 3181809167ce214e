/** What a person meets before the vault is open, from the ordinary lock to the vault that cannot be opened. */
import { enrol, lock, tryPassphrase } from '../../e2e/journey/steps/gate.ts';
import type { Laptop } from '../../e2e/support/laptop.ts';
import { damageVault, deviceFile } from '../../e2e/support/profileFiles.ts';
import type { Screen } from './screens.ts';

const hourMs = 3_600_000;
const passphrase = 'blauer Fahrradhelm am Nordufer';
const wrong = 'grüner Fahrradhelm am Nordufer';
const attempts = 10;
const beforeWaiting = 5;

/** In their order: what is destroyed at the end of one is set up again at the beginning of the next. */
export function closedScreens(language: 'de' | 'en'): readonly Screen[] {
  const seenBy = language === 'de' ? 'closedDe' : 'closedEn';
  const screens: readonly Omit<Screen, 'seenBy'>[] = [
    { name: 'locked', show: lock },
    {
      name: 'recover',
      async show(laptop) {
        await laptop.press('session:recover.offer');
        await laptop.heading('session:recover.title').waitFor();
      },
    },
    {
      name: 'lease-over',
      async show(laptop) {
        deviceFile(laptop).endLease(Date.now() - hourMs);
        await laptop.page.reload();
        await laptop.field('session:unlock.passphrase').waitFor();
      },
    },
    { name: 'throttled', show: throttled },
    { name: 'wiped', show: wiped },
    { name: 'damaged', show: damaged },
    {
      name: 'restore',
      async show(laptop) {
        await laptop.press('session:restore.offer');
        await laptop.heading('session:restore.title').waitFor();
      },
    },
  ];
  return screens.map(({ name, show }) => ({ name: `${name}-${language}`, seenBy, show }));
}

async function throttled(laptop: Laptop): Promise<void> {
  deviceFile(laptop).endLease(undefined);
  await laptop.page.reload();
  for (let attempt = 1; attempt <= beforeWaiting; attempt++) {
    await tryPassphrase(laptop, wrong);
    await attemptsLeft(laptop, attempts - attempt);
  }
}

async function wiped(laptop: Laptop): Promise<void> {
  const device = deviceFile(laptop);
  for (let attempt = beforeWaiting + 1; attempt <= attempts; attempt++) {
    device.passTime();
    await laptop.page.reload();
    await tryPassphrase(laptop, wrong);
    if (attempt < attempts) await attemptsLeft(laptop, attempts - attempt);
  }
  await laptop.heading('session:wiped.title').waitFor();
}

const damaged: Screen['show'] = async (laptop, { newCode }) => {
  await laptop.press('session:wiped.enrol');
  await enrol(laptop, { code: await newCode(), label: 'Laptop 40', passphrase });
  await lock(laptop);
  damageVault(laptop);
  await tryPassphrase(laptop, passphrase);
  await laptop.heading('session:damaged.title').waitFor();
};

async function attemptsLeft(laptop: Laptop, count: number): Promise<void> {
  const form = count === 1 ? 'one' : 'other';
  const text = laptop.say(`session:unlock.attempts_${form}`, { count: String(count) });
  await laptop.page.getByText(text).first().waitFor();
}
