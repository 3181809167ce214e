/** Runs shell scripts in the real shell, with stand-ins for the tools they would call. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Ran {
  readonly code: number | null;
  readonly output: string;
  /** Every call of a stand-in, one a line. */
  readonly calls: string;
}

export interface Shell {
  /** Puts a tool on the path that answers by the words it is called with: the first that fit. */
  standIn(tool: string, answers: Readonly<Record<string, string>>): void;
  run(script: string, env?: Readonly<Record<string, string>>): Ran;
  /** A file the script left behind; empty when there is none. */
  file(name: string): string;
  remove(): void;
}

export function openShell(): Shell {
  const folder = mkdtempSync(join(tmpdir(), 'tma-shell-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const file = (name: string) => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch {
      return '';
    }
  };
  return {
    standIn(tool, answers) {
      const cases = Object.entries(answers).map(
        ([words, answer]) => `  *${JSON.stringify(words)}*) ${answer} ;;`,
      );
      const text = `#!/bin/bash\necho "${tool} $*" >> "${folder}/calls"\ncase "$*" in\n${cases.join('\n')}\n  *) : ;;\nesac\n`;
      writeFileSync(join(bin, tool), text, { mode: 0o755 });
    },
    run(script, env = {}) {
      const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
        stdio: ['ignore', 'pipe', 'pipe'],
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: `${bin}${delimiter}${process.env.PATH}`, ...env },
      });
      return { code: status, output: stdout + stderr, calls: file('calls') };
    },
    file,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
