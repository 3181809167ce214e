import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Theme = 'light' | 'dark';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [normal = '', more = ''] = css.split('@media (prefers-contrast: more)');

function tokensOf(source: string): Map<string, Record<Theme, string>> {
  const found = new Map<string, Record<Theme, string>>();
  for (const [, name = '', light = '', dark = ''] of source.matchAll(
    /--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g,
  )) {
    found.set(name, { light, dark });
  }
  return found;
}

/** Relative luminance and contrast after WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function luminance(hex: string): number {
  const channel = (at: number): number => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const surfaces = ['surface-0', 'surface-1', 'surface-2', 'surface-raised', 'accent-soft'];
const inks = ['ink-1', 'ink-2', 'ink-3', 'accent', 'danger', 'warn', 'ok', 'info'];
const levels = ['insufficient', 'low', 'moderate', 'elevated', 'high'].map((l) => `level-${l}`);
const kinds = ['fact', 'hearsay', 'inference', 'missing'].map((k) => `kind-${k}`);

const textPairs = [
  ...[...inks, ...levels, ...kinds].flatMap((ink) => surfaces.map((surface) => [ink, surface] as const)),
  ...['accent', 'accent-hover', 'accent-press'].map((ground) => ['accent-ink', ground] as const),
  ...['danger', 'danger-hover', 'danger-press'].map((ground) => ['danger-ink', ground] as const),
  ...['warn', 'danger', 'ok', 'info'].flatMap((tone) => [
    [tone, `${tone}-soft`] as const,
    ['ink-1', `${tone}-soft`] as const,
    ['ink-2', `${tone}-soft`] as const,
  ]),
  ...['diff-added', 'diff-other', 'diff-removed'].map((ground) => ['ink-1', ground] as const),
];
const edgePairs = ['surface-0', 'surface-1', 'surface-raised'].flatMap((surface) => [
  ['line-control', surface] as const,
  ['focus', surface] as const,
]);

function ratio(tokens: ReturnType<typeof tokensOf>, theme: Theme, pair: readonly [string, string]): number {
  const [a, b] = pair.map((name) => tokens.get(name)?.[theme]);
  if (a === undefined || b === undefined) throw new Error(`no token for ${pair.join(' on ')}`);
  return contrast(a, b);
}

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const tokens = tokensOf(normal);

  it('has text of at least 4.5:1 on every surface it may stand on', () => {
    const faint = textPairs.filter((pair) => ratio(tokens, theme, pair) < 4.5);
    expect(faint.map((pair) => `${pair.join(' on ')} ${ratio(tokens, theme, pair).toFixed(2)}`)).toEqual([]);
  });

  it('has edges of controls and a focus ring of at least 3:1', () => {
    const faint = edgePairs.filter((pair) => ratio(tokens, theme, pair) < 3);
    expect(faint.map((pair) => pair.join(' on '))).toEqual([]);
  });

  it('reaches 7:1 for text when more contrast is asked for', () => {
    const high = new Map([...tokens, ...tokensOf(more)]);
    const faint = textPairs
      .filter(([, ground]) => !ground.startsWith('danger') || ground === 'danger-soft')
      .filter((pair) => ratio(high, theme, pair) < 7);
    expect(faint.map((pair) => `${pair.join(' on ')} ${ratio(high, theme, pair).toFixed(2)}`)).toEqual([]);
  });
});
