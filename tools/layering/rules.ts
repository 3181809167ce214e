/**
 * The layers and what each may depend on. Everything not named here is an error, and there is no list of
 * exceptions: a file that needs one is in the wrong folder.
 *
 *     renderer ─────────────┐
 *     electron/preload ─────┤
 *     electron/main ─► electron/policy, electron/core, platform
 *     electron/core ────────┼─► platform, resources ─► shared ─► zod, uuid, canonicalize
 *     server ───────────────┘
 *     tools, e2e, bench ─► anything;   infra ─► nothing
 */

interface Layer {
  readonly folder: string;
  /** Other layers it may import from; its own is always allowed. */
  readonly mayUse: readonly string[] | 'anything';
  /** Packages it may import; left out: every installed one but the restricted. */
  readonly packages?: readonly string[];
  /** Whether the code runs on Node and may use its built-in modules. */
  readonly node: boolean;
}

/** Longest folder first, so that a file belongs to the first layer whose folder it is in. */
export const layers: readonly Layer[] = [
  { folder: 'electron/policy', mayUse: ['shared'], packages: [], node: false },
  { folder: 'electron/preload', mayUse: ['shared'], node: false },
  { folder: 'electron/main', mayUse: ['electron/policy', 'electron/core', 'platform', 'shared'], node: true },
  { folder: 'electron/core', mayUse: ['platform', 'resources', 'shared'], node: true },
  { folder: 'renderer', mayUse: ['shared'], node: false },
  { folder: 'server', mayUse: ['platform', 'shared'], node: true },
  { folder: 'platform', mayUse: ['shared'], node: true },
  { folder: 'resources', mayUse: ['shared'], packages: [], node: false },
  { folder: 'shared', mayUse: [], packages: ['zod', 'uuid', 'canonicalize'], node: false },
  { folder: 'infra', mayUse: [], node: true },
  { folder: 'tools', mayUse: 'anything', node: true },
  { folder: 'e2e', mayUse: 'anything', node: true },
  { folder: 'bench', mayUse: 'anything', node: true },
];

const workshop = ['tools', 'e2e', 'bench'];

/** Packages that belong to some folders only. */
export const restrictedPackages: Readonly<Record<string, readonly string[]>> = {
  electron: ['electron/main', 'electron/preload'],
  'electron-updater': ['electron/main'],
  axios: ['electron/core', ...workshop],
  'better-sqlite3': ['electron/core', ...workshop],
  '@journeyapps/sqlcipher': ['electron/core', ...workshop],
  'openid-client': ['electron/core', ...workshop],
  jose: ['server', ...workshop],
  'oidc-provider': [...workshop],
  fastify: ['server', ...workshop],
  pg: ['server', ...workshop],
  react: ['renderer', ...workshop],
  'react-dom': ['renderer', ...workshop],
};

/** E09: raw message channels of Electron are spoken by one file on each side. */
export const restrictedNames: Readonly<Record<string, readonly string[]>> = {
  ipcMain: ['electron/main/ipc.ts'],
  ipcRenderer: ['electron/preload/preload.ts'],
};

/**
 * What a `*.test.ts` and a `*.test-support.ts` may use beside what the code under test may: tests run on Node, with the real cryptography,
 * against the real PostgreSQL.
 */
export const testExtras = {
  packages: ['vitest', 'fast-check', 'pg'],
  folders: ['platform', 'tools/support'],
} as const;
