/**
 * E03: the content security policy, the same in both hosts. The preview host adds the loopback socket that
 * carries its calls; nothing else may differ.
 */
export interface CspOptions {
  /** `ws://127.0.0.1:PORT` of the preview host; Electron has none. */
  readonly loopbackSocket?: string;
}

const LOOPBACK_SOCKET = /^ws:\/\/127\.0\.0\.1:\d{1,5}$/;

/** The value of the `Content-Security-Policy` header. Throws a RangeError for a socket that is not loopback. */
export function contentSecurityPolicy(options: CspOptions = {}): string {
  const socket = options.loopbackSocket;
  if (socket !== undefined && !LOOPBACK_SOCKET.test(socket)) {
    throw new RangeError('the socket of the preview host must be on 127.0.0.1');
  }
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    socket === undefined ? "connect-src 'self'" : `connect-src 'self' ${socket}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
