/** Days as the form of a checkout counts them, in the zone of the machine. Pure. */
import { longestCheckoutMs } from '../../../shared/sync/leases.ts';

const dayMs = 86_400_000;
/** A working week away. */
const usualDays = 5;

function dayOf(ms: number): string {
  const date = new Date(ms);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last moment of a day: what somebody means who takes a case along until Friday. */
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59.000`).toISOString();
}

export interface DaysToChoose {
  readonly first: string;
  readonly usual: string;
  readonly last: string;
}

/** From today to as far ahead as can be asked for; `usual` is within what holds without contact. */
export function daysToChoose(nowMs: number, checkoutHours: number): DaysToChoose {
  const within = Math.max(0, Math.floor(checkoutHours / 24) - 1);
  return {
    first: dayOf(nowMs),
    usual: dayOf(nowMs + Math.min(usualDays, within) * dayMs),
    last: dayOf(nowMs + longestCheckoutMs - 2 * dayMs),
  };
}
