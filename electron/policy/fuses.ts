/**
 * E11: the fuses burnt into the packaged binary, all of them, by the names of `@electron/fuses`. The hook
 * `build/afterPack.mjs` sets them; the package check reads them back from the binary. electron-builder's own
 * option is not used: the release of `@electron/fuses` it brings does not know the newest fuse, and would
 * refuse (or silently skip) it.
 */
export const fuses = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  // Only speeds WebAssembly up, which the renderer's policy does not allow and the core does not use.
  WasmTrapHandlers: false,
} as const;

/** A wire with a fuse that is not in the table is an error, not a default. */
export const strictlyRequireAllFuses = true;
