/** How far something long has come that the case process does by itself. */
import { useEffect, useState } from 'react';
import type { EventOf } from '../../shared/contract/events.ts';
import { client } from '../app/client.ts';

type Progress = EventOf<'progress'>;

/** The newest report on a task; null before the first. */
export function useProgress(task: Progress['task']): Progress | null {
  const [progress, setProgress] = useState<Progress | null>(null);
  useEffect(
    () =>
      client.on('progress', (told) => {
        if (told.task === task) setProgress(told);
      }),
    [task],
  );
  return progress;
}
