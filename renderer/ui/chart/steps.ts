import { type ConcernLevel, concernLevels } from '../../../shared/domain/levels.ts';

/** The drawing's own units; the SVG scales to the room it is given. */
export const plot = { width: 320, height: 112, left: 84, top: 12, bottom: 12, tail: 28 } as const;

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly level: ConcernLevel;
}

/** Height of a level's line; the highest concern on top. */
export function levelRow(level: ConcernLevel): number {
  const step = (plot.height - plot.top - plot.bottom) / (concernLevels.length - 1);
  return plot.height - plot.bottom - concernLevels.indexOf(level) * step;
}

/** Decisions placed by time between the labels and a tail that shows the level still holding. */
export function chartSteps(
  steps: readonly { readonly atMs: number; readonly level: ConcernLevel }[],
): ChartPoint[] {
  const first = steps[0]?.atMs ?? 0;
  const span = Math.max((steps.at(-1)?.atMs ?? 0) - first, 1);
  const room = plot.width - plot.left - plot.tail - 6;
  return steps.map(({ atMs, level }) => ({
    x: Math.round((plot.left + 6 + ((atMs - first) / span) * room) * 10) / 10,
    y: levelRow(level),
    level,
  }));
}

/** Across until the next decision, then up or down; the last level runs to the edge. */
export function stepPath(points: readonly ChartPoint[]): string {
  const [first, ...others] = points;
  if (first === undefined) return '';
  return `M${first.x} ${first.y}${others.map(({ x, y }) => `H${x}V${y}`).join('')}H${plot.width - 2}`;
}
