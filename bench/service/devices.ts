/** Devices that come one after the other, each at its time, whether the service is quick or slow. */
import type { Answer, LoadDevice } from '../../tools/rehearse/device.ts';

export interface Paced {
  readonly devices: readonly LoadDevice[];
  /** Each device exchanges once in this time. */
  readonly everyMs: number;
  readonly lastsMs: number;
}

export interface Exchanged {
  /** Answers by device; the time of each counts from when it was due, so that a queue is seen and not left out. */
  readonly byDevice: readonly (readonly Answer[])[];
  /** Exchanges that were due while the one before was still under way. */
  readonly late: number;
}

/** An edit is handed in, then news is asked for: what a laptop does when somebody saves. */
export async function exchange({ devices, everyMs, lastsMs }: Paced): Promise<Exchanged> {
  const startMs = performance.now();
  let late = 0;
  const run = async (device: LoadDevice, at: number): Promise<readonly Answer[]> => {
    const answers: Answer[] = [];
    for (let turn = 0; ; turn++) {
      const dueMs = startMs + ((at + 0.5) / devices.length + turn) * everyMs;
      if (dueMs - startMs >= lastsMs) return answers;
      const nowMs = performance.now();
      if (dueMs > nowMs) await new Promise((resume) => setTimeout(resume, dueMs - nowMs));
      else if (turn > 0) late += 1;
      const push = await device.do('push');
      answers.push({ ...push, tookMs: push.atMs + push.tookMs - Math.max(dueMs, startMs) });
      answers.push(await device.do('pull'));
    }
  };
  return { byDevice: await Promise.all(devices.map(run)), late };
}
