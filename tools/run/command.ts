/** The frame around every command that starts something: flags, signals, errors in words, an orderly end. */
import { errorCatalogue, TmaError } from '../../shared/errors.ts';
import { say } from '../support/progress.mjs';
import { messageOf, ToolError } from '../support/tool-error.ts';
import { type Flags, type knownFlags, readFlags } from './flags.ts';
import { createLifetime, endOnSignals, type Lifetime } from './lifetime.ts';

/**
 * Runs `work`, then waits until the person ends it. Whatever `work` throws is explained, everything started so far is
 * stopped, and the process ends with exit code 1.
 */
export async function runCommand(
  name: keyof typeof knownFlags,
  work: (flags: Flags, lifetime: Lifetime) => Promise<void>,
): Promise<void> {
  const lifetime = createLifetime();
  endOnSignals(lifetime);
  try {
    await work(readFlags(name, process.argv.slice(2)), lifetime);
  } catch (error) {
    // What fails because the end has begun is not news.
    if (!lifetime.signal.aborted) {
      process.stderr.write(`\n${explain(error)}\n`);
      process.exitCode = 1;
    }
    lifetime.end('');
  }
  await lifetime.ended;
  if (process.exitCode === undefined) say('Everything is stopped.');
  // Sockets of browsers that are slow to close must not keep a finished command alive.
  process.exit();
}

/** Expected failures by their message; anything else with all there is to find its cause. */
function explain(error: unknown): string {
  if (error instanceof ToolError) return error.message;
  if (error instanceof TmaError && error.code !== 'internal') {
    const values = Object.entries(error.params ?? {}).map(([key, value]) => `${key} ${value}`);
    const details = values.length === 0 ? '' : ` (${values.join(', ')})`;
    const again = errorCatalogue[error.code].retryable ? ' It may work when tried again.' : '';
    return `${error.code}${details}.${again}`;
  }
  if (error instanceof Error && error.name === 'ConfigError') return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}
