/** Judges a tree of files by the layers of `rules.ts`. */
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, sep } from 'node:path';
import { findCycles } from './cycles.ts';
import { isRelative, type Reference, readReaching } from './imports.ts';
import { layers, restrictedNames, restrictedPackages, testExtras } from './rules.ts';

export interface Violation {
  /** Path from the root, with forward slashes. */
  readonly file: string;
  readonly line: number;
  /** What is wrong, as a sentence. */
  readonly message: string;
}

type Layer = (typeof layers)[number];

const watched = new Set(Object.keys(restrictedNames));
const builtins = new Set(builtinModules);

/** Every violation in the code below `root`, in the order of files and lines. */
export function checkTree(root: string): readonly Violation[] {
  const violations: Violation[] = [];
  const graph = new Map<string, string[]>();
  for (const file of codeFiles(root)) {
    const { references, names } = readReaching(file, readFileSync(join(root, file), 'utf8'), watched);
    graph.set(
      file,
      references.flatMap((reference) => (reference.typeOnly ? [] : (targetOf(file, reference) ?? []))),
    );
    if (layerOf(file) === undefined && !isBuildConfig(file)) {
      violations.push({ file, line: 1, message: 'is in the folder of no layer.' });
    }
    for (const reference of references) {
      const message = judge(file, reference);
      if (message !== undefined) violations.push({ file, line: reference.line, message });
    }
    for (const { name, line } of names) {
      const message = judgeName(file, name);
      if (message !== undefined) violations.push({ file, line, message });
    }
  }
  for (const cycle of findCycles(graph)) {
    const [file = ''] = cycle;
    violations.push({ file, line: 1, message: `is part of a circle: ${[...cycle, file].join(' → ')}.` });
  }
  return violations;
}

/** The project's own code; what is installed or built is not ours to judge. */
function codeFiles(root: string): readonly string[] {
  const folders = [...new Set(layers.map((layer) => layer.folder.split('/')[0]))].join(',');
  const found = globSync(`{${folders}}/**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}`, {
    cwd: root,
    exclude: (path) => /(^|[/\\])(node_modules|dist)([/\\]|$)/.test(path),
  });
  return found.map((file) => file.split(sep).join('/')).sort();
}

/** The reason why this file may not make this reference, or `undefined` when it may. */
function judge(file: string, reference: Reference): string | undefined {
  const layer = layerOf(file);
  if (layer === undefined) return undefined;
  const { specifier } = reference;
  if (specifier === undefined) {
    return layer.mayUse === 'anything' || isTest(file) ? undefined : 'imports a path computed at run time.';
  }
  if (isRelative(specifier)) return judgeFile(file, layer, targetOf(file, reference) ?? '');
  if (isBuiltin(specifier)) {
    return layer.node || isTest(file)
      ? undefined
      : `${layer.folder} runs without Node, but imports ${specifier}.`;
  }
  return judgePackage(file, layer, specifier);
}

function judgeFile(file: string, layer: Layer, target: string): string | undefined {
  const to = layerOf(target);
  if (layer.mayUse !== 'anything' && isTest(target) && !isTest(file))
    return `the product may not use the test ${target}.`;
  if (layer.mayUse === 'anything' || to === layer) return undefined;
  const allowed = isTest(file) ? [...layer.mayUse, ...testExtras.folders] : layer.mayUse;
  if (allowed.some((folder) => target.startsWith(`${folder}/`))) return undefined;
  const what = to === undefined ? target : `${to.folder} (${target})`;
  return `${layer.folder} may not depend on ${what}.`;
}

function judgePackage(file: string, layer: Layer, specifier: string): string | undefined {
  const name = packageOf(specifier);
  const extras: readonly string[] = testExtras.packages;
  if (isTest(file) && extras.includes(name)) return undefined;
  const owners = restrictedPackages[name];
  // Its package.json is what is known about a package, not the package.
  const isManifest = specifier === `${name}/package.json`;
  if (owners !== undefined && !isManifest && !owners.includes(layer.folder)) {
    return `only ${owners.join(', ')} may import ${name}.`;
  }
  if (layer.packages === undefined || layer.packages.includes(name)) return undefined;
  const allowed = layer.packages.length === 0 ? 'no package' : `only ${layer.packages.join(', ')}`;
  return `${layer.folder} may import ${allowed}, not ${name}.`;
}

/** Elsewhere the name cannot be Electron's: `electron` itself may not be imported there. */
function judgeName(file: string, name: string): string | undefined {
  const folder = layerOf(file)?.folder ?? '';
  const allowed = restrictedNames[name] ?? [];
  if (isTest(file) || allowed.includes(file) || !restrictedPackages.electron?.includes(folder))
    return undefined;
  return `uses ${name}, which only ${allowed.join(', ')} may.`;
}

function layerOf(path: string): Layer | undefined {
  if (isBuildConfig(path)) return undefined;
  return layers.find((layer) => path.startsWith(`${layer.folder}/`));
}

/** The file a relative reference means, without a bundler's `?query`. */
function targetOf(file: string, reference: Reference): string | undefined {
  const { specifier } = reference;
  if (specifier === undefined || !isRelative(specifier)) return undefined;
  return posix.join(posix.dirname(file), specifier.replace(/\?.*$/, ''));
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtins.has(specifier);
}

/** What tells a build tool how to build a folder: run at build time, part of no program. */
const isBuildConfig = (file: string) => /\/[^/]+\.config\.ts$/.test(file);
const isTest = (file: string) => /\.test(-support)?\.tsx?$/.test(file);
