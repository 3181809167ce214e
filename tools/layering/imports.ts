/**
 * What a file reaches for: every way one TypeScript module can name another. Parsed, not searched for, so text in
 * comments and strings does not count and nothing hides behind formatting.
 */
import { parseSync, Visitor } from 'oxc-parser';

export interface Reference {
  /** As written: `./x.ts`, `zod`, `node:fs`. `undefined` where the text is computed at run time. */
  readonly specifier: string | undefined;
  /** One-based. */
  readonly line: number;
  /** Only types: gone when the program runs, yet a dependency of the design all the same. */
  readonly typeOnly: boolean;
}

export interface Reaching {
  readonly references: readonly Reference[];
  /** Identifiers of the watched names that occur as code, with their lines. */
  readonly names: readonly { readonly name: string; readonly line: number }[];
}

interface Spot {
  readonly start: number;
}

/**
 * Reads one file's references, and where it says one of `watched`.
 * @throws {Error} when the text does not parse; a rule that cannot read a file must not pass it.
 */
export function readReaching(file: string, text: string, watched: ReadonlySet<string>): Reaching {
  const { program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file} does not parse: ${error.message}`);
  const references: Reference[] = [];
  /** By name and line: `import { x }` is two identifiers in one place. */
  const names = new Map<string, Spot & { readonly name: string }>();
  /** `require` itself, and the names given to what `createRequire` makes. */
  const requires = new Set(['require']);
  const lineOf = lineCounter(text);
  const add = (spot: Spot, specifier: string | undefined, typeOnly = false) => {
    references.push({ specifier, line: lineOf(spot.start), typeOnly });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node, node.source.value, node.importKind === 'type'),
    ExportAllDeclaration: (node) => add(node, node.source.value, node.exportKind === 'type'),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node, node.source.value, node.exportKind === 'type');
    },
    ImportExpression: (node) => add(node, literal(node.source)),
    TSImportType: (node) => add(node, literal(node.source), true),
    TSImportEqualsDeclaration: (node) => {
      const { moduleReference } = node;
      if (moduleReference.type === 'TSExternalModuleReference') add(node, moduleReference.expression.value);
    },
    VariableDeclarator: (node) => {
      if (node.id.type === 'Identifier' && isCreateRequire(node.init)) requires.add(node.id.name);
    },
    CallExpression: (node) => {
      const { callee } = node;
      const isRequire = callee.type === 'Identifier' ? requires.has(callee.name) : isCreateRequire(callee);
      if (isRequire) add(node, literal(node.arguments[0]));
    },
    NewExpression: (node) => {
      const [first] = node.arguments;
      const isUrl = node.callee.type === 'Identifier' && node.callee.name === 'URL';
      const path = isUrl ? literal(first) : undefined;
      if (path !== undefined && isRelative(path) && isCode(path)) add(node, path);
    },
    Identifier: (node) => {
      if (watched.has(node.name)) names.set(`${node.name} ${lineOf(node.start)}`, node);
    },
  }).visit(program);
  const found = [...names.values()].map((node) => ({ name: node.name, line: lineOf(node.start) }));
  return { references, names: found };
}

export const isRelative = (specifier: string) => specifier.startsWith('./') || specifier.startsWith('../');
export const isCode = (path: string) => /\.[cm]?[jt]sx?$/.test(path);

function isCreateRequire(node: { readonly type: string } | null): boolean {
  if (node?.type !== 'CallExpression' || !('callee' in node)) return false;
  const { callee } = node;
  return typeof callee === 'object' && callee !== null && 'name' in callee && callee.name === 'createRequire';
}

function literal(node: { readonly type: string } | undefined): string | undefined {
  if (node?.type !== 'Literal' || !('value' in node)) return undefined;
  return typeof node.value === 'string' ? node.value : undefined;
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const after = starts.findIndex((start) => start > offset);
    return after === -1 ? starts.length : after;
  };
}
