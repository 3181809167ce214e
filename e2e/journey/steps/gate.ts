/** Before the vault is open: setting a laptop up, locking, unlocking. */
import type { Desk } from '../../support/desk.ts';

export interface Enrolment {
  readonly code: string;
  readonly label: string;
  readonly passphrase: string;
}

export async function enrol(laptop: Desk, { code, label, passphrase }: Enrolment): Promise<void> {
  await enterCode(laptop, code, label);
  await choosePassphrase(laptop, passphrase, passphrase);
  await laptop.heading('day:tasks.title').waitFor({ timeout: 30_000 });
}

export async function enterCode(laptop: Desk, code: string, label: string): Promise<void> {
  await laptop.fill('session:enrol.code', code);
  await laptop.fill('session:enrol.label', label);
  await laptop.press('session:enrol.check');
}

export async function choosePassphrase(laptop: Desk, passphrase: string, repeated: string): Promise<void> {
  await laptop.fill('session:enrol.passphrase', passphrase);
  await laptop.fill('session:enrol.repeat', repeated);
  await laptop.press('session:enrol.finish');
}

export async function lock(laptop: Desk): Promise<void> {
  await laptop.page.keyboard.press('Control+l');
  await laptop.field('session:unlock.passphrase').waitFor();
}

export async function tryPassphrase(laptop: Desk, passphrase: string): Promise<void> {
  await laptop.fill('session:unlock.passphrase', passphrase);
  await laptop.page.keyboard.press('Enter');
}

export async function unlock(laptop: Desk, passphrase: string): Promise<void> {
  await tryPassphrase(laptop, passphrase);
  await laptop.page.getByRole('navigation', { name: laptop.say('common:nav.label') }).waitFor();
}
