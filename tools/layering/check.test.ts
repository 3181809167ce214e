import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkTree } from './check.ts';
import { layers } from './rules.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tma-layering-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Plants one file and says what the rule finds wrong in it. */
function plant(file: string, text: string): readonly string[] {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return checkTree(root)
    .filter((violation) => violation.file === file)
    .map((violation) => violation.message);
}

const forbidden: readonly (readonly [string, string, RegExp])[] = [
  ['renderer/app/a.ts', "import { x } from '../../electron/core/b.ts';", /may not depend on electron\/core/],
  ['renderer/app/a.tsx', "import type { X } from '../../server/b.ts';", /may not depend on server/],
  ['renderer/app/a.ts', "import { x } from '../../platform/b.ts';", /may not depend on platform/],
  ['renderer/app/a.ts', "import 'node:fs';", /runs without Node/],
  ['renderer/app/a.ts', "import 'fs/promises';", /runs without Node/],
  [
    'renderer/app/a.ts',
    "import { ipcRenderer } from 'electron';",
    /only electron\/main.* may import electron/,
  ],
  ['electron/core/a.ts', "import { app } from 'electron';", /may import electron/],
  ['electron/core/a.ts', "import type { App } from 'electron/main';", /may import electron/],
  ['electron/core/a.ts', "let app: import('electron').App;", /may import electron/],
  ['electron/core/a.ts', "const e = require('electron');", /may import electron/],
  [
    'electron/core/a.ts',
    "const load = createRequire(import.meta.url); load('electron');",
    /may import electron/,
  ],
  ['electron/core/a.ts', "createRequire(import.meta.url)('electron');", /may import electron/],
  ['electron/core/a.ts', "const e = await import('electron');", /may import electron/],
  ['electron/core/a.ts', "import { x } from '../main/b.ts';", /may not depend on electron\/main/],
  ['electron/core/a.ts', "import { x } from '../policy/b.ts';", /may not depend on electron\/policy/],
  ['electron/core/a.ts', "export * from '../../server/b.ts';", /may not depend on server/],
  ['electron/core/a.ts', "export { x } from '../../tools/b.ts';", /may not depend on tools/],
  [
    'electron/core/a.ts',
    "const w = new URL('../../tools/b.ts', import.meta.url);",
    /may not depend on tools/,
  ],
  ['electron/core/a.ts', "const name = './b.ts'; await import(name);", /computed at run time/],
  ['electron/core/a.ts', "import react from 'react';", /may import react/],
  ['electron/main/a.ts', "import { x } from '../../server/b.ts';", /may not depend on server/],
  ['electron/main/a.ts', "import { ipcMain } from 'electron';", /uses ipcMain/],
  [
    'electron/main/a.ts',
    "import * as electron from 'electron'; electron.ipcMain.on('x', f);",
    /uses ipcMain/,
  ],
  ['electron/preload/a.ts', "import { ipcRenderer as bridge } from 'electron';", /uses ipcRenderer/],
  ['electron/preload/a.ts', "import 'node:path';", /runs without Node/],
  ['electron/policy/a.ts', "import { session } from 'electron';", /may import electron/],
  ['electron/policy/a.ts', "import 'node:fs';", /runs without Node/],
  ['server/a.ts', "import { x } from '../electron/core/b.ts';", /may not depend on electron\/core/],
  ['server/a.ts', "import { x } from '../renderer/b.ts';", /may not depend on renderer/],
  ['server/a.ts', "import Database from 'better-sqlite3';", /may import better-sqlite3/],
  ['platform/a.ts', "import { x } from '../server/b.ts';", /may not depend on server/],
  ['shared/a.ts', "import { x } from '../platform/b.ts';", /may not depend on platform/],
  ['shared/a.ts', "import 'node:crypto';", /runs without Node/],
  ['shared/a.ts', "import axios from 'axios';", /may import axios/],
  ['shared/a.ts', "import { pino } from 'pino';", /only zod, uuid, canonicalize, not pino/],
  ['shared/a.test.ts', "import { x } from '../server/b.ts';", /may not depend on server/],
  ['resources/a.ts', "import { x } from '../electron/core/b.ts';", /may not depend on electron\/core/],
  ['server/a.ts', "import { x } from '../resources/b.ts';", /may not depend on resources/],
  ['server/a.ts', "import { x } from './b.test-support.ts';", /may not use the test/],
  ['infra/a.ts', "import { x } from '../shared/b.ts';", /may not depend on shared/],
  ['tools/a.ts', "import { app } from 'electron';", /may import electron/],
  ['electron/a.ts', "import 'node:fs';", /is in the folder of no layer/],
];

const allowed: readonly (readonly [string, string])[] = [
  ['renderer/app/a.ts', "import { x } from '../../shared/b.ts'; import './a.css'; import 'react';"],
  [
    'electron/main/a.ts',
    "import { app } from 'electron'; import { p } from '../policy/b.ts'; import 'node:fs';",
  ],
  ['electron/main/ipc.ts', "import { ipcMain } from 'electron'; ipcMain.handle('x', f);"],
  ['electron/core/a.ts', "import { x } from '../../platform/b.ts'; import axios from 'axios';"],
  ['electron/core/a.ts', "// import 'electron' is forbidden here\nconst text = \"import 'electron'\";"],
  ['electron/core/a.ts', "import { x } from '../../resources/instruments/index.ts';"],
  ['electron/core/a.ts', 'const found = requireCase(id);'],
  ['server/a.ts', "import pg from 'pg'; import { x } from '../shared/b.ts';"],
  ['electron/vite.config.ts', "import { x } from '../tools/b.ts';"],
  ['server/a.test.ts', "import { x } from './b.test-support.ts'; import pg from 'pg';"],
  ['tools/a.ts', "import electronPackage from 'electron/package.json' with { type: 'json' };"],
  ['electron/main/b.test-support.ts', 'export const fake = { ipcMain: 1 };'],
  ['shared/a.ts', "import { z } from 'zod'; import { b } from './b.ts';"],
  [
    'shared/a.test.ts',
    "import { it } from 'vitest'; import 'node:fs'; import { c } from '../platform/c.ts';",
  ],
  ['server/a.test.ts', "import { startPostgres } from '../tools/support/postgres.ts';"],
  [
    'tools/a.ts',
    "import { x } from '../server/b.ts'; import { y } from '../electron/core/c.ts'; import 'pg';",
  ],
];

describe('the layering rule', () => {
  it.each(forbidden)('catches in %s: %s', (file, text, message) => {
    expect(plant(file, text)).toEqual([expect.stringMatching(message)]);
  });

  it.each(allowed)('allows in %s: %s', (file, text) => {
    expect(plant(file, text)).toEqual([]);
  });

  it('names the file and the line', () => {
    plant('shared/a.ts', "\n\n// comment\nimport 'node:fs';\n");
    expect(checkTree(root)).toMatchObject([{ file: 'shared/a.ts', line: 4 }]);
  });

  it('catches modules that import each other in a circle, but not circles of types', () => {
    plant('shared/a.ts', "import { b } from './b.ts'; export const a = b;");
    plant('shared/b.ts', "import { c } from './c.ts'; export const b = c;");
    expect(plant('shared/c.ts', "import type { a } from './a.ts'; export type C = typeof a;")).toEqual([]);
    plant('shared/c.ts', "import { a } from './a.ts'; export const c = a;");
    expect(checkTree(root)).toMatchObject([{ message: expect.stringContaining('part of a circle') }]);
  });

  it('does not pass a file that it cannot read', () => {
    expect(() => plant('shared/a.ts', 'import { from from;')).toThrow(/does not parse/);
  });

  it('gives every folder one layer: none is inside another', () => {
    const folders = layers.map((layer) => layer.folder);
    const nested = folders.filter((folder) => folders.some((other) => folder.startsWith(`${other}/`)));
    expect(nested).toEqual([]);
  });
});
