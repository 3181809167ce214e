/**
 * E18: what is wrong with the lockfile. Everything installed has to come from the registry with a hash, under a
 * licence we take, and run no script at installation that nobody decided on.
 */
import { z } from 'zod';
import { licenceAllows, stated } from './licences.ts';

const packageSchema = z.object({
  version: z.string().optional(),
  name: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  link: z.boolean().optional(),
  inBundle: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
});
export const lockfileSchema = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), packageSchema),
});
export type Lockfile = z.infer<typeof lockfileSchema>;
type Package = z.infer<typeof packageSchema>;

/** By name: whether a package's installation scripts may run. */
export type AllowScripts = Readonly<Record<string, boolean>>;

/** One sentence per fault; none when all is well. */
export function faultsOf(lock: Lockfile, allowScripts: AllowScripts): readonly string[] {
  const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
  const faults = installed.flatMap(([path, one]) => faultsOfPackage(nameOf(path, one), one, allowScripts));
  const names = new Set(installed.map(([path, one]) => nameOf(path, one)));
  const gone = Object.keys(allowScripts).filter((name) => !names.has(name));
  return [...faults, ...gone.map((name) => `${name}: allowScripts names it and it is not installed`)].sort();
}

function faultsOfPackage(name: string, one: Package, allowScripts: AllowScripts): readonly string[] {
  const licence = stated[`${name}@${one.version}`] ?? one.license ?? stated[name] ?? 'none';
  const use = one.dev === true || one.devOptional === true ? 'workshop' : 'shipped';
  const from = one.link === true ? 'a link' : one.resolved;
  const faults = {
    // The lockfile leaves out where a package of the registry comes from; an address means it is from elsewhere.
    [`is installed from ${from} and not from the registry`]: from !== undefined,
    // A package inside another one's archive is covered by that one's hash.
    'has no hash': one.integrity === undefined && one.inBundle !== true,
    'has a hash weaker than SHA-512': one.integrity !== undefined && !one.integrity.includes('sha512-'),
    [`its licence is ${licence}, which is not one we take for what is ${use}`]: !licenceAllows(licence, use),
    'has installation scripts, and allowScripts in package.json does not say whether they may run':
      one.hasInstallScript === true && allowScripts[name] === undefined,
  };
  return Object.entries(faults)
    .filter(([, wrong]) => wrong)
    .map(([what]) => `${name}: ${what}`);
}

/** An alias is installed in a folder of another name. */
function nameOf(path: string, one: Package): string {
  return one.name ?? path.split('node_modules/').at(-1) ?? path;
}
