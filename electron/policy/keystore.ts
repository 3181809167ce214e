/**
 * Which operating-system keystore may hold the device secret. On Linux Chromium falls back to a key that is
 * the same in every installation (`basic_text`); that is no protection, so it is refused with an explanation
 * rather than used.
 */
export interface KeystoreState {
  readonly platform: string;
  readonly available: boolean;
  /** What Electron reports on Linux; other systems have one keystore each. */
  readonly linuxBackend: string;
}

export type KeystoreVerdict =
  | { readonly usable: true; readonly backend: string }
  | { readonly usable: false; readonly backend: string };

export function keystoreVerdict(state: KeystoreState): KeystoreVerdict {
  if (state.platform !== 'linux') return { usable: state.available, backend: state.platform };
  const refused = state.linuxBackend === 'basic_text' || state.linuxBackend === 'unknown';
  return { usable: state.available && !refused, backend: state.linuxBackend };
}
