/**
 * axe on a page as it is, under its own content security policy. The script is evaluated through the browser's
 * debugging protocol in a world of its own: the page's policy stays in force, and the page sees nothing of it.
 */
import axe, { type AxeResults } from 'axe-core';
import type { CDPSession, Page } from 'playwright-core';
import { z } from 'zod';

/** WCAG 2.2 AA, and axe's own good practice. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

const frameTreeSchema = z.object({ frameTree: z.object({ frame: z.object({ id: z.string() }) }) });
const worldSchema = z.object({ executionContextId: z.number() });

export interface AccessibilityOptions {
  /** Contrast alone: for the second theme of a page whose first was looked at whole. */
  readonly onlyColours?: boolean;
}

/**
 * What axe finds wrong on the page, one line per element; empty when nothing is.
 * @throws {Error} when axe could not run, which must not pass for a page without faults.
 */
export async function accessibilityFaults(
  page: Page,
  { onlyColours = false }: AccessibilityOptions = {},
): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const contextId = await ownWorld(session);
    await evaluate(session, contextId, `${axe.source}; undefined`);
    const runOnly = onlyColours ? ['color-contrast'] : tags;
    const options = JSON.stringify({ runOnly, resultTypes: ['violations'] });
    const text = await evaluate(session, contextId, `axe.run(document, ${options}).then(JSON.stringify)`);
    return describe(JSON.parse(z.string().parse(text)) as AxeResults); // the text is axe's own
  } finally {
    await session.detach();
  }
}

async function ownWorld(session: CDPSession): Promise<number> {
  const { frameTree } = frameTreeSchema.parse(await session.send('Page.getFrameTree'));
  const options = { frameId: frameTree.frame.id, worldName: 'accessibility' };
  return worldSchema.parse(await session.send('Page.createIsolatedWorld', options)).executionContextId;
}

async function evaluate(session: CDPSession, contextId: number, expression: string): Promise<unknown> {
  const options = { contextId, expression, awaitPromise: true, returnByValue: true };
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', options);
  if (exceptionDetails === undefined) return result.value;
  throw new Error(`axe did not run: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
}

function describe({ violations }: AxeResults): readonly string[] {
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const summary = (failureSummary ?? '').replaceAll('\n', ' ');
      return `${id}: ${help}: ${target.join(' ')}: ${summary}`;
    }),
  );
}
