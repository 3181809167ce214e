import { keepers, type Template, type Templates } from './template.ts';

/** Files of the snapshot by their path from the root of the project. */
export type Files = Readonly<Record<string, string>>;

export interface Difference {
  readonly file: string;
  readonly what: 'is missing' | 'is not made any more' | 'differs';
  /** Line of the first difference. */
  readonly line?: number;
}

/** Every file that is not what the code makes. */
export function compare(committed: Files, made: Files): readonly Difference[] {
  const differences: Difference[] = [];
  for (const [file, text] of Object.entries(made)) {
    const known = committed[file];
    if (known === undefined) differences.push({ file, what: 'is missing' });
    else if (known !== text) differences.push({ file, what: 'differs', line: firstDifference(known, text) });
  }
  for (const file of Object.keys(committed)) {
    if (!Object.hasOwn(made, file)) differences.push({ file, what: 'is not made any more' });
  }
  return differences.sort((a, b) => (a.file < b.file ? -1 : 1));
}

function firstDifference(a: string, b: string): number {
  const [left, right] = [a.split('\n'), b.split('\n')];
  const index = left.findIndex((line, at) => line !== right[at]);
  return index === -1 ? left.length + 1 : index + 1;
}

/** What holds data and would go, or be made anew under another name, were the new templates deployed. */
export function lost(committed: Templates, made: Templates): readonly string[] {
  return Object.entries(committed).flatMap(([path, template]) => {
    const now = made[path];
    return Object.entries(template.Resources)
      .filter(([id, { Type }]) => keepers.includes(Type) && !survives(now, id, template))
      .map(([id, { Type }]) => `${path}: ${id} (${Type})`);
  });
}

/** The name of a resource is what CloudFormation cannot change: with another one it makes another resource. */
const nameProperties = [
  'BucketName',
  'DBInstanceIdentifier',
  'LogGroupName',
  'BackupVaultName',
  'RepositoryName',
];

function survives(now: Template | undefined, id: string, before: Template): boolean {
  const [old, fresh] = [before.Resources[id], now?.Resources[id]];
  if (old === undefined || fresh === undefined || fresh.Type !== old.Type) return false;
  return nameProperties.every(
    (name) => JSON.stringify(old.Properties?.[name]) === JSON.stringify(fresh.Properties?.[name]),
  );
}
