/** The snapshot on disk. */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { Files } from './compare.ts';
import type { Template, Templates } from './template.ts';

const root = resolve(import.meta.dirname, '../..');
export const templatesFolder = 'infra/templates';
export const diagramFile = 'docs/aws/system.svg';
export const reviewFile = 'docs/aws/accepted-findings.md';

export function readCommitted(): Files {
  const found = [`${templatesFolder}/**/*.json`, diagramFile, reviewFile].flatMap((pattern) =>
    globSync(pattern, { cwd: root }),
  );
  const files = found.map((file) => file.split(sep).join('/')).sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

/** The templates among the files, by their path in the snapshot. */
export function templatesIn(files: Files): Templates {
  const templates = Object.entries(files).filter(([file]) => file.startsWith(`${templatesFolder}/`));
  return Object.fromEntries(
    templates.map(([file, text]) => [
      file.slice(templatesFolder.length + 1).replace(/\.json$/, ''),
      JSON.parse(text) as Template, // written by this tool, and compared with what it writes
    ]),
  );
}

/** Writes what is new or changed and deletes what is not made any more. */
export function writeFiles(committed: Files, made: Files): void {
  for (const [file, text] of Object.entries(made)) {
    if (committed[file] === text) continue;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  for (const file of Object.keys(committed)) if (!Object.hasOwn(made, file)) rmSync(join(root, file));
}
