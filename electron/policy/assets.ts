/**
 * E02: which file answers an address of the renderer. Files come from a map made at build time, path → SHA-256;
 * what is not in the map does not exist, whatever lies on the disk, so there is no path to traverse.
 */
export interface AssetMap {
  /** URL path with a leading slash → lower-case hex SHA-256 of the file's bytes. */
  readonly [path: string]: string;
}

export type AssetAnswer =
  | { readonly status: 200; readonly path: string; readonly sha256: string; readonly contentType: string }
  | { readonly status: 404 | 405 };

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
};

export const INDEX_PATH = '/index.html';

/** The file for a request. Paths without a file ending are screens of the one page and get the index. */
export function assetFor(
  request: { readonly method: string; readonly url: URL },
  map: AssetMap,
): AssetAnswer {
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405 };
  const { pathname } = request.url;
  const isScreen = !(pathname.split('/').at(-1) ?? '').includes('.');
  const path = isScreen ? INDEX_PATH : pathname;
  const sha256 = Object.hasOwn(map, path) ? map[path] : undefined;
  const contentType = contentTypes[path.split('.').at(-1) ?? ''];
  if (sha256 === undefined || contentType === undefined) return { status: 404 };
  return { status: 200, path, sha256, contentType };
}
