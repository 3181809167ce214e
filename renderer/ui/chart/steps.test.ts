import { describe, expect, it } from 'vitest';
import { chartSteps, levelRow, plot, stepPath } from './steps.ts';

describe('the chart of levels', () => {
  it('puts higher concern higher', () => {
    expect(levelRow('high')).toBeLessThan(levelRow('elevated'));
    expect(levelRow('insufficient')).toBe(plot.height - plot.bottom);
  });

  it('holds each level until the next was decided, and the last one to the edge', () => {
    const points = chartSteps([
      { atMs: 0, level: 'low' },
      { atMs: 100, level: 'high' },
    ]);
    expect(stepPath(points)).toBe(`M90 ${levelRow('low')}H292V${levelRow('high')}H318`);
  });

  it('draws a single decision and no decision', () => {
    expect(stepPath(chartSteps([{ atMs: 5, level: 'moderate' }]))).toBe(`M90 ${levelRow('moderate')}H318`);
    expect(stepPath([])).toBe('');
  });
});
