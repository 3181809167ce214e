/** The demo organisation on real laptops, and the way to every screen of theirs: for pictures, and for tests of each. */
import { randomBytes } from 'node:crypto';
import { enrol } from '../../e2e/journey/steps/gate.ts';
import type { Laptop } from '../../e2e/support/laptop.ts';
import { type Stack, startStack } from '../../e2e/support/stack.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { loadDemo } from '../demo/load.ts';
import { demoPeople, demoTenant } from '../demo/people.ts';
import { closeDialogs, type Screen, screensOf } from './screens.ts';

export interface Album {
  readonly stack: Stack;
  /** In the order in which they can be visited. */
  readonly screens: readonly Screen[];
  /** Goes to a screen on the laptop that shows it, and away from it again. */
  visit(screen: Screen, look: (laptop: Laptop) => Promise<void>): Promise<void>;
}

const passphrase = 'blauer Fahrradhelm am Nordufer';
/** Long enough for every case of the demo data to arrive. */
const syncPatienceMs = 60_000;

/** The caller closes the stack. */
export async function openAlbum(size: { width: number; height: number }): Promise<Album> {
  const nowMs = Date.now();
  const stack = await startStack({
    async found(service) {
      await loadDemo(service, { nowMs });
      // A recovery key nobody has: enough for the way to be offered.
      const escrow = { keyId: 'rheinbrueck', publicKey: toBase64Url(randomBytes(32)) };
      await service.admin.changeSettings(demoTenant.id, { escrow });
      return demoTenant;
    },
  });
  try {
    const laptops = await setUp(stack, size);
    const newCode = () => stack.invite(demoPeople.hr);
    return {
      stack,
      screens: screensOf(nowMs),
      async visit(screen, look) {
        const laptop = laptops[screen.seenBy];
        await screen.show(laptop, { ...laptops, newCode });
        await arrived(laptop);
        await look(laptop);
        await closeDialogs(laptop);
      },
    };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** What is loaded for the screen is there: its title, and nothing that stands in for what is coming. */
async function arrived({ page }: Laptop): Promise<void> {
  // The screen before stays until the next frame, and then hidden until the code of the new one is there.
  await page.waitForTimeout(100);
  await page.locator('h1:visible').first().waitFor();
  await page.locator('main [role="status"][aria-label]').first().waitFor({ state: 'detached' });
}

async function setUp(
  stack: Stack,
  size: { width: number; height: number },
): Promise<Readonly<Record<Screen['seenBy'], Laptop>>> {
  const laptop = (language: 'de' | 'en') => stack.laptop({ language, ...size });
  const newcomer = await laptop('de');
  const of = async (person: keyof typeof demoPeople, language: 'de' | 'en') => {
    const { device, ...rest } = demoPeople[person];
    const set = await laptop(language);
    await enrol(set, { code: await stack.invite(rest), label: device.label, passphrase });
    const synced = set.say('common:sync.syncedAt', { time: '' }).trim();
    const pill = set.page.getByRole('banner').getByRole('button', { name: new RegExp(`^${synced}`) });
    await pill.waitFor({ timeout: syncPatienceMs });
    return set;
  };
  return {
    newcomer,
    lead: await of('kessler', 'de'),
    intake: await of('intake', 'de'),
    english: await of('okafor', 'en'),
    closedDe: await of('hr', 'de'),
    closedEn: await of('hr', 'en'),
  };
}
