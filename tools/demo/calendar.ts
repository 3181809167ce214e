/** The days of the demo data, counted back from now. All in UTC, so that the data does not depend on the machine. */
import type { SeededRandom } from './random.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export class Calendar {
  readonly nowMs: number;
  readonly #random: SeededRandom;

  constructor(nowMs: number, random: SeededRandom) {
    this.nowMs = nowMs;
    this.#random = random;
  }

  /**
   * The moment so many days ago. From one day on it is a working hour of a working day, at or before the day
   * meant; within the last day it is exact.
   */
  ago(days: number): number {
    if (days < 1) return this.nowMs - days * dayMs;
    const midnight = Math.floor((this.nowMs - Math.floor(days) * dayMs) / dayMs) * dayMs;
    const weekday = new Date(midnight).getUTCDay();
    const back = weekday === 0 ? 2 : weekday === 6 ? 1 : 0;
    return midnight - back * dayMs + this.#random.between(7 * 60, 15 * 60) * minuteMs;
  }

  /** Some minutes later, but not in the future. */
  after(ms: number, fromMinutes: number, toMinutes: number): number {
    return Math.min(ms + this.#random.between(fromMinutes, toMinutes) * minuteMs, this.nowMs);
  }

  /** The calendar day so many days from today. */
  dayFromToday(days: number): string {
    return dayOf(this.nowMs + days * dayMs);
  }
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** `2026-11-23` */
export function dayOf(ms: number): string {
  return iso(ms).slice(0, 10);
}
