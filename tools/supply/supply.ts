/**
 * `npm run supply`: checks the lockfile (E18) and writes the bill of materials, CycloneDX, to `dist/sbom/`: one of
 * what is shipped, one of everything that took part in making it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { faultsOf, lockfileSchema } from './lockfile.ts';

const root = join(import.meta.dirname, '../..');
const bomSchema = z.object({ bomFormat: z.literal('CycloneDX'), components: z.array(z.unknown()).min(10) });

function json(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

function billOfMaterials(name: string, ...omit: readonly string[]): string {
  const flags = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  const { status, stdout, stderr } = spawnSync('npm', [...flags, ...omit.map((kind) => `--omit=${kind}`)], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm sbom failed: ${stderr.trim()}`);
  const { components } = bomSchema.parse(JSON.parse(stdout));
  const path = `dist/sbom/${name}.cdx.json`;
  mkdirSync(join(root, 'dist/sbom'), { recursive: true });
  writeFileSync(join(root, path), stdout);
  return `${path}: ${components.length} packages`;
}

const { allowScripts } = z
  .object({ allowScripts: z.record(z.string(), z.boolean()) })
  .parse(json('package.json'));
const faults = faultsOf(lockfileSchema.parse(json('package-lock.json')), allowScripts);
for (const fault of faults) console.error(fault);
console.log(billOfMaterials('shipped', 'dev'));
console.log(billOfMaterials('everything'));
console.log(faults.length === 0 ? 'The lockfile is in order.' : `${faults.length} faults in the lockfile.`);
process.exitCode = faults.length === 0 ? 0 : 1;
