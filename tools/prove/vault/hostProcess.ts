/**
 * A host of the workstation in a process of its own, whose memory can be looked at. Argument: its options as JSON.
 * Says where it listens; told `snapshot`, writes a heap snapshot of itself; told `core-pids`, names its case process;
 * told `kill-core`, kills it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { writeHeapSnapshot } from 'node:v8';
import { type PreviewOptions, startPreview } from '../../preview/preview.ts';

export type HostOrder =
  | { readonly type: 'snapshot'; readonly path: string }
  | { readonly type: 'kill-core' }
  | { readonly type: 'core-pids' }
  | { readonly type: 'stop' };

export interface HostAnswer {
  readonly type: 'done';
  readonly pids?: readonly number[];
}

const answer = (given: Omit<HostAnswer, 'type'> = {}): void => {
  process.send?.({ type: 'done', ...given } satisfies HostAnswer);
};
const options = JSON.parse(process.argv[2] ?? '{}') as PreviewOptions & { readonly control: string };
// Kept alive on purpose: what the search has to find, to show that it would find a canary.
const control = { text: options.control };
const preview = await startPreview({
  ...options,
  onDefect: ({ name, places }) => process.stderr.write(`${name} ${places.join(' ← ')}\n`),
});

/** The case process: the only child of this one. */
function corePids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === process.pid);
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

process.on('message', (order: HostOrder) => {
  if (order.type === 'snapshot') {
    writeHeapSnapshot(order.path);
    // Used once more after it, so that it is still there.
    if (control.text.length > 0) answer();
  } else if (order.type === 'kill-core') {
    for (const pid of corePids()) process.kill(pid, 'SIGKILL');
    answer();
  } else if (order.type === 'core-pids') {
    answer({ pids: corePids() });
  } else {
    void preview.stop().then(() => process.exit(0));
  }
});
process.send?.({ type: 'ready', url: preview.url });
