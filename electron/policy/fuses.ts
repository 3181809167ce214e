/**
 * E11: the fuses burnt into the packaged binary, by the names electron-builder.yml uses. The package check
 * compares the configuration with this table and reads the fuses back from the packaged binary.
 */
export const fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
  strictlyRequireAllFuses: true,
} as const;
