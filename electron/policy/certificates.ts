/**
 * E07: the renderer never speaks TLS, so no certificate is ever accepted for it and no client certificate is
 * ever offered. The core's own connection is checked in the core (S01).
 */
export function certificateAccepted(_url: string): boolean {
  return false;
}
