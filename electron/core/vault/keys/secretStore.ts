/**
 * Where the device secret lives: the operating system's keystore. The hosts implement it (Electron
 * `safeStorage`; a file that says in its name that it is for development in the preview host); the shape is
 * that of `core/process/control.ts`.
 */
export interface SecretStore {
  /** Which keystore this is; stored in the key slot so that a change of it can be explained. */
  readonly backend: string;
  /** A copy, which the caller zeroes after use; `null` when nothing is kept under the name. */
  get(name: string): Promise<Uint8Array | null>;
  /** Durable once resolved. */
  set(name: string, value: Uint8Array): Promise<void>;
  /** Removing what is not there is not an error. */
  delete(name: string): Promise<void>;
}

/** The name under which the 32 random bytes that bind a vault to its laptop are kept. */
export const deviceSecretName = 'device-secret';
export const deviceSecretBytes = 32;
