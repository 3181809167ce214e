/**
 * `npm run electronegativity`: the static checker of Electron programs over the shell, the preload script and the
 * policies. It lives in a folder of its own with a lockfile of its own, because it needs a TypeScript and parsers
 * from years ago, which therefore never meet the product; for the same reason it is given the code without types.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import electronPackage from 'electron/package.json' with { type: 'json' };
import { answers } from './answers.ts';

const root = join(import.meta.dirname, '../..');
const home = join(root, '.tma/electronegativity');
const source = join(home, 'source');
const report = join(home, 'report.csv');
const program = join(home, 'node_modules/@doyensec/electronegativity/dist/index.js');

interface Finding {
  readonly check: string;
  readonly file: string;
  readonly place: string;
}

function install(): void {
  const files = ['package.json', 'package-lock.json'];
  const isFresh = files.every(
    (file) =>
      existsSync(join(home, file)) &&
      readFileSync(join(home, file)).equals(readFileSync(join(import.meta.dirname, file))),
  );
  if (isFresh && existsSync(program)) return;
  mkdirSync(home, { recursive: true });
  for (const file of files) cpSync(join(import.meta.dirname, file), join(home, file));
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  const shell = process.platform === 'win32';
  const { status } = spawnSync('npm', flags, { cwd: home, stdio: 'inherit', shell });
  if (status !== 0) throw new Error('npm ci failed');
}

/** The shell's code as JavaScript, every character in its place. @returns how many files. */
function writeSource(): number {
  rmSync(source, { recursive: true, force: true });
  const files = globSync('electron/{main,preload,policy}/**/*.ts', { cwd: root }).filter(
    (file) => !/\.test(-support)?\.ts$/.test(file),
  );
  for (const file of files) {
    const out = join(source, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, stripTypeScriptTypes(readFileSync(join(root, file), 'utf8')));
  }
  cpSync(join(root, 'renderer/index.html'), join(source, 'renderer/index.html'));
  const devDependencies = { electron: electronPackage.version };
  writeFileSync(
    join(source, 'package.json'),
    JSON.stringify({ name: 'shell', version: '0.0.0', main: 'electron/main/main.js', devDependencies }),
  );
  return files.length;
}

function look(): readonly Finding[] {
  rmSync(report, { force: true });
  const flags = ['-i', source, '-r', '-v', 'false', '-e', electronPackage.version, '-o', report];
  const offline = join(import.meta.dirname, 'offline.cjs');
  const { stderr } = spawnSync(process.execPath, ['--require', offline, program, ...flags], {
    cwd: home,
    encoding: 'utf8',
  });
  if (!existsSync(report)) throw new Error(`Electronegativity wrote no report.\n${stderr}`);
  const [head, ...lines] = readFileSync(report, 'utf8').trim().split('\n');
  if (!head?.startsWith('issue, severity'))
    throw new Error('Electronegativity wrote a report of another kind.');
  return lines.map((line) => {
    const [check = '', , , file = '', place = ''] = line.split(',').map((part) => part.replaceAll('"', ''));
    return { check, file: file.replace(/\.js$/, '.ts'), place };
  });
}

install();
const files = writeSource();
const findings = look();
const isAnswered = ({ check, file }: Finding) =>
  answers.some((answer) => answer.check === check && answer.file === file);
const open = findings.filter((finding) => !isAnswered(finding));
const idle = answers.filter(
  ({ check, file }) => !findings.some((finding) => finding.check === check && finding.file === file),
);
for (const { check, file, place } of open) console.error(`not answered: ${check} in ${file} at ${place}`);
for (const { check, file } of idle) console.error(`answered, but not found any more: ${check} in ${file}`);
console.log(
  `${files} files, ${findings.length} findings, ${findings.length - open.length} of them answered ` +
    'in tools/electronegativity/answers.ts',
);
process.exitCode = open.length + idle.length === 0 ? 0 : 1;
