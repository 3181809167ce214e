import { type RefObject, useEffect, useMemo, useState } from 'react';
import type { Column } from './columns.ts';

/** Below this the columns no longer stand side by side. */
const narrowPx = 560;
/** Below this they do, without those that can be spared. */
const tightPx = 1080;

type Room = 'narrow' | 'tight' | 'full';

function roomOf(widthPx: number): Room {
  if (widthPx < narrowPx) return 'narrow';
  return widthPx < tightPx ? 'tight' : 'full';
}

interface Fitting<Row> {
  readonly columns: readonly Column<Row>[];
  /** So little room that each row shows its cells below each other, as at 200 % zoom. */
  readonly isNarrow: boolean;
}

/** The columns that an element has room for. */
export function useRoom<Row>(
  element: RefObject<HTMLElement | null>,
  columns: readonly Column<Row>[],
): Fitting<Row> {
  const [room, setRoom] = useState<Room>('full');
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setRoom(roomOf(entry.contentRect.width));
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  const fitting = useMemo(
    () => (room === 'tight' ? columns.filter(({ isSpare }) => isSpare !== true) : columns),
    [columns, room],
  );
  return { columns: fitting, isNarrow: room === 'narrow' };
}
