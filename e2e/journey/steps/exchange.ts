/** The exchange with the service as a person sees it: what waits, offline by choice or by cable, and back. */
import type { Desk } from '../../support/desk.ts';

/** Changes made here reach the service within seconds; after a lost network within a back-off. */
const patienceMs = 30_000;

/** Nothing waits any more. */
export async function allSent(laptop: Desk): Promise<void> {
  await stateOf(laptop, synced(laptop)).waitFor({ timeout: patienceMs });
}

function synced(laptop: Desk): RegExp {
  const [before = ''] = laptop.say('common:sync.syncedAt', { time: '|' }).split('|');
  return new RegExp(`^${before.trim()}[^·]*$`);
}

/** Offline, and so many changes wait. */
export async function offlineWith(laptop: Desk, unsent: number): Promise<void> {
  const { say } = laptop;
  const key = unsent === 1 ? 'common:sync.unsent_one' : 'common:sync.unsent_other';
  const waiting = unsent === 0 ? '' : ` · ${say(key, { count: String(unsent) })}`;
  await stateOf(laptop, `${say('common:sync.offline')}${waiting}`).waitFor({ timeout: patienceMs });
}

function stateOf({ page }: Desk, name: string | RegExp) {
  return page.getByRole('banner').getByRole('button', { name, exact: true });
}

/** The state of the exchange in the bar leads to its screen. */
export async function openExchange({ page }: Desk): Promise<void> {
  await page.getByRole('banner').locator('button[data-state]').click();
}

/** The switch, where the exchange is shown on a screen of its own. */
export async function switchOffline(laptop: Desk, isOn: boolean): Promise<void> {
  const { page, say } = laptop;
  await openExchange(laptop);
  const toggle = page.getByRole('switch', { name: say('sync:hold') });
  await toggle.waitFor();
  if ((await toggle.isChecked()) !== isOn) await laptop.tick(say('sync:hold'));
}

/** After the network is back: now, and not when the next try is due. */
export async function exchangeNow(laptop: Desk): Promise<void> {
  await openExchange(laptop);
  await laptop.press('sync:now');
  await allSent(laptop);
}
