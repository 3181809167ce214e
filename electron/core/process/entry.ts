/** The case process's first file, started by a host's supervisor in a process of its own. */
import { createCore } from '../core.ts';
import { runCaseProcess } from './caseProcess.ts';
import { hostChannel } from './hostChannel.ts';

const channel = hostChannel();
if (channel === null) {
  process.stderr.write('The case process is started by the workstation, not by hand.\n');
  process.exit(2);
}

const failed = runCaseProcess({
  channel,
  createCore,
  nowMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  exit: (code) => process.exit(code),
});
// Node would print the message to stderr, and a message may hold case data (E15).
process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);
// Ctrl+C in a terminal reaches every process started from it; this one ends when its host says so, or is gone.
process.on('SIGINT', () => undefined);
