/** Starts the case process as a child of Node: for the preview host, tests and measurements. */
import { fork } from 'node:child_process';
import type { CoreChild } from './coreLife.ts';

/**
 * Starts `entry` (absolute path of a module that runs a case process). Its errors go to the host's stderr; it
 * gets no inherited Node options, so that a debugger of the host does not attach to the vault.
 */
export function forkCore(entry: string): CoreChild {
  const child = fork(entry, [], {
    execArgv: [],
    env: withoutNodeOptions(process.env),
    // Secrets are bytes; JSON would not carry them.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    send(message) {
      // A send to a process that has just died fails later; its exit is what counts.
      if (child.connected) child.send(message, () => {});
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit(listener) {
      child.once('exit', () => listener());
      // A process that could not even be started reports an error and never an exit.
      child.on('error', () => child.pid === undefined && listener());
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function withoutNodeOptions(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...rest } = env;
  return rest;
}
