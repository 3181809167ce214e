/**
 * A page that works says nothing on its console. Everything it does say at error or warning level, every uncaught
 * error, every violation of the content security policy and every request that failed is kept here.
 */
import type { Page } from 'playwright-core';

export interface ConsoleWatch {
  readonly complaints: readonly string[];
  /** @throws {Error} that lists what the page complained about, if anything. */
  requireSilence(): void;
}

/**
 * The Permissions-Policy denies every feature any Chromium has; a build that was made without one remarks on its
 * name. That is not the page's doing, and the name has to stay for the builds that have the feature.
 */
const unknownFeature = /^Error with Permissions-Policy header: Unrecognized feature/;

/** Watches the page from now on; call before it loads anything. */
export function watchConsole(page: Page): ConsoleWatch {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (unknownFeature.test(message.text())) return;
    const { url, lineNumber } = message.location();
    complaints.push(`${message.type()}: ${message.text()} (${url}:${lineNumber})`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed';
    // A navigation away from a page aborts what it was still loading.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`request: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`response: ${response.url()} ${response.status()}`);
  });
  return {
    complaints,
    requireSilence() {
      if (complaints.length === 0) return;
      throw new Error(`The page complained:\n  ${[...new Set(complaints)].join('\n  ')}`);
    },
  };
}
