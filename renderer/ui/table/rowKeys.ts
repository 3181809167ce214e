/** Where a key leads from row `index` of `count`; `undefined` for keys that do not move. */
export function rowAfterKey(
  key: string,
  index: number,
  rows: { count: number; perPage: number },
): number | undefined {
  const last = rows.count - 1;
  const clamp = (to: number): number => Math.max(0, Math.min(last, to));
  switch (key) {
    case 'ArrowDown':
      return clamp(index + 1);
    case 'ArrowUp':
      return clamp(index - 1);
    case 'PageDown':
      return clamp(index + rows.perPage);
    case 'PageUp':
      return clamp(index - rows.perPage);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
