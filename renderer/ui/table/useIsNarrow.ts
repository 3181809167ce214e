import { type RefObject, useEffect, useState } from 'react';

/** Below this the columns no longer stand side by side. */
const narrowPx = 560;

/** Whether an element has so little room that each row shows its cells below each other, as at 200 % zoom. */
export function useIsNarrow(element: RefObject<HTMLElement | null>): boolean {
  const [isNarrow, setNarrow] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setNarrow(entry.contentRect.width < narrowPx);
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return isNarrow;
}
