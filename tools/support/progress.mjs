/**
 * What a person sees while a tool works: one line when a step begins, news every few seconds while it lasts, one
 * line with its duration when it ends. Plain lines, so that logs read the same as terminals. Plain JavaScript,
 * because the bootstrap uses it before anything is installed.
 */

const NEWS_EVERY_MS = 10_000;

/** @param {string} line */
export function say(line = '') {
  process.stdout.write(`${line}\n`);
}

/** @param {number} ms */
export function duration(ms) {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 100_000) return `${Math.round(ms / 1000)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/**
 * Runs `work` as a visible step. What `work` throws is thrown on, after the step is shown as failed.
 * @template T
 * @param {string} title what is done, as a sentence without a full stop
 * @param {(news: (text: string) => void) => T | Promise<T>} work told how to report where it is
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startedMs = Date.now();
  let news = '';
  say(`• ${title} …`);
  const timer = setInterval(() => {
    say(`    ${news === '' ? 'still working' : news} (${duration(Date.now() - startedMs)})`);
  }, NEWS_EVERY_MS);
  timer.unref();
  try {
    const result = await work((text) => {
      news = text;
    });
    say(`✓ ${title} (${duration(Date.now() - startedMs)})`);
    return result;
  } catch (error) {
    say(`✗ ${title} (${duration(Date.now() - startedMs)})`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
