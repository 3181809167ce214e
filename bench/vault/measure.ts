/**
 * Measuring beside others on a shared machine. The drivers take turns turn by turn, so that what disturbs one disturbs
 * its neighbour; a ratio is the median of the ratios of neighbours; and beside the time on the clock stands the time
 * this process had the processor, which no other program can stretch.
 */
import type { Desk } from './desk.ts';
import type { Operation } from './operations.ts';

export interface Figure {
  readonly medianMs: number;
  readonly p95Ms: number;
  /** Processor time of the process, all its threads. */
  readonly cpuMs: number;
  readonly p95CpuMs: number;
  /** Median of the ratios to the first driver in the same turn: on the clock, and of the processor. */
  readonly ratio: number;
  readonly cpuRatio: number;
}

interface Turn {
  readonly ms: number;
  readonly cpuMs: number;
}

export async function measure(
  desks: ReadonlyMap<string, Desk>,
  { times, warmUp = 10, work, rest }: Operation,
): Promise<ReadonlyMap<string, Figure>> {
  const turns = new Map([...desks.keys()].map((name) => [name, [] as Turn[]]));
  for (let turn = 0; turn < warmUp + times; turn++) {
    // Who begins changes, so that nobody always finds the processor's caches as the same neighbour left them.
    for (const name of rotated([...desks.keys()], turn)) {
      const desk = desks.get(name);
      if (desk === undefined) continue;
      const took = await timed(() => work(desk, turn));
      if (turn >= warmUp) turns.get(name)?.push(took);
      await rest?.(desk);
    }
  }
  const [peer = []] = turns.values();
  return new Map([...turns].map(([name, own]) => [name, figureOf(own, peer)]));
}

export async function timed(work: () => Promise<unknown>): Promise<Turn> {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await work();
  const ms = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(before);
  return { ms, cpuMs: (user + system) / 1_000 };
}

export function figureOf(own: readonly Turn[], peer: readonly Turn[]): Figure {
  const wall = own.map(({ ms }) => ms);
  const cpu = own.map(({ cpuMs }) => cpuMs);
  return {
    medianMs: quantile(wall, 0.5),
    p95Ms: quantile(wall, 0.95),
    cpuMs: quantile(cpu, 0.5),
    p95CpuMs: quantile(cpu, 0.95),
    ratio: quantile(pairs(own, peer, 'ms'), 0.5),
    cpuRatio: quantile(pairs(own, peer, 'cpuMs'), 0.5),
  };
}

function pairs(own: readonly Turn[], peer: readonly Turn[], of: keyof Turn): readonly number[] {
  return own.flatMap((turn, at) => {
    const beside = peer[at];
    return beside === undefined || beside[of] === 0 ? [] : [turn[of] / beside[of]];
  });
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
