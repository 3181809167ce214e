/**
 * Takes a stream of pages by the handful: as much as one transaction should hold, never two pages of one case. Pages
 * that came before the stream broke off are taken all the same, so that it goes on from there the next time.
 */
import type { CaseId } from '../../../shared/ids.ts';
import type { CasePage, StreamLine } from '../../../shared/sync/wire.ts';

/** How a case stood here when its page was asked for. */
export interface AskedAt {
  readonly position: number;
  /** How far the service had signed. */
  readonly signed: number;
}

/** The vault is held for so long: everybody else waits, who would like to read. */
const bytesAtOnce = 512 * 1024;
const pagesAtOnce = 64;

export interface Following {
  readonly asked: ReadonlyMap<CaseId, AskedAt>;
  /** `reached`: where each log stood when the page that follows on it was made. */
  take(
    pages: readonly CasePage[],
    reached: ReadonlyMap<CaseId, AskedAt>,
    cases: { readonly done: number; readonly total: number },
  ): Promise<void>;
}

/** @throws what the stream or `take` fails with. */
export async function followStream(
  lines: AsyncIterable<StreamLine>,
  { asked, take }: Following,
): Promise<void> {
  const reached = new Map(asked);
  let pages: CasePage[] = [];
  let bytes = 0;
  let done = 0;
  let total = 0;
  const flush = async (): Promise<void> => {
    if (pages.length === 0) return;
    const taken = pages;
    pages = [];
    bytes = 0;
    done += taken.filter(({ more }) => !more).length;
    await take(taken, reached, { done, total: Math.max(done, total) });
    for (const page of taken) reached.set(page.case, endOf(page, reached.get(page.case)));
  };
  try {
    for await (const line of lines) {
      if ('cases' in line) total = line.cases;
      else if ('case' in line) {
        if (pages.some((page) => page.case === line.case)) await flush();
        pages.push(line);
        bytes += textsOf(line);
        if (bytes >= bytesAtOnce || pages.length >= pagesAtOnce) await flush();
      }
    }
  } finally {
    await flush();
  }
}

function endOf(page: CasePage, before: AskedAt | undefined): AskedAt {
  const position = page.runs.at(-1)?.entries.at(-1)?.position ?? before?.position ?? 0;
  return { position, signed: page.head.position };
}

function textsOf({ runs }: CasePage): number {
  return runs.reduce(
    (sum, { changes }) =>
      sum + changes.reduce((own, { head, payload }) => own + head.length + payload.length, 0),
    0,
  );
}
