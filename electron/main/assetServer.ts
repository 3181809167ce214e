/** E02: answers `app://tma/…` from the built renderer, each file checked against the hash of its build. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AssetMap, assetFor } from '../policy/assets.ts';
import { securityHeaders } from '../policy/headers.ts';
import { isAppUrl } from '../policy/origin.ts';
import type { Log } from './log.ts';

export interface AssetServerDeps {
  readonly assets: AssetMap;
  readonly rendererDir: string;
  readonly log: Log;
}

type AssetRequest = Pick<Request, 'method' | 'url'>;

/** The handler for `session.protocol.handle`. Never rejects. */
export function serveAssets(deps: AssetServerDeps): (request: AssetRequest) => Promise<Response> {
  const headers = securityHeaders();
  const refuse = (status: number) => new Response(null, { status, headers });

  return async (request) => {
    if (!isAppUrl(request.url)) return refuse(404);
    const asset = assetFor({ method: request.method, url: new URL(request.url) }, deps.assets);
    if (asset.status !== 200) return refuse(asset.status);
    const bytes = await readFile(join(deps.rendererDir, asset.path)).catch(() => null);
    if (bytes === null) return refuse(404);
    if (createHash('sha256').update(bytes).digest('hex') !== asset.sha256) {
      deps.log('asset.altered', { path: asset.path });
      return refuse(404);
    }
    const body = request.method === 'HEAD' ? null : new Uint8Array(bytes);
    return new Response(body, { status: 200, headers: { ...headers, 'Content-Type': asset.contentType } });
  };
}
