/** Serves the built renderer with the headers of the product (E03, E04). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { assetFor } from '../../electron/policy/assets.ts';
import { securityHeaders } from '../../electron/policy/headers.ts';
import type { Admission } from './admission.ts';
import { assetMap } from './assetMap.ts';
import { type Downloads, downloadPath } from './downloads.ts';

export interface PagesDeps {
  readonly port: number;
  readonly admission: Admission;
  readonly renderer: ReadonlyMap<string, Buffer>;
  /** Files that leave the vault. */
  readonly downloads: Pick<Downloads, 'serve'>;
}

/** What a person who opened an old address is told; a program reads the code in front. */
const tokenText =
  'host.token-invalid: this address has been used or is not known. Nothing was changed.\n' +
  'Open the address that the start command printed last, or start again.\n';

export function servePages(deps: PagesDeps): (request: IncomingMessage, response: ServerResponse) => void {
  const map = assetMap(deps.renderer);
  const headers = securityHeaders({ loopbackSocket: `ws://127.0.0.1:${deps.port}` });

  return (request, response) => {
    const answer = (status: number, body: Buffer | string, more: Record<string, string> = {}): void => {
      const type = { 'Content-Type': 'text/plain; charset=utf-8' };
      response.writeHead(status, { ...headers, ...type, 'Content-Length': Buffer.byteLength(body), ...more });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const target = request.url ?? '';
    if (!deps.admission.addressedToUs(request.headers) || !target.startsWith('/')) {
      answer(403, 'access.denied\n');
      return;
    }
    const base = `http://127.0.0.1:${deps.port}`;
    if (!URL.canParse(base + target)) {
      answer(400, 'input.invalid\n');
      return;
    }
    const url = new URL(base + target);
    const admitted = deps.admission.admitted(request.headers);
    const token = url.searchParams.get('token');
    if (token !== null) {
      // A browser that is already in keeps its session; reloading the first address is no second use.
      const cookie = admitted ? null : deps.admission.redeem(token);
      if (admitted || cookie !== null) {
        answer(303, '', { Location: '/', ...(cookie === null ? {} : { 'Set-Cookie': cookie }) });
      } else answer(401, tokenText);
      return;
    }
    if (!admitted) {
      answer(401, tokenText);
      return;
    }
    if (url.pathname.startsWith(downloadPath)) {
      const isServed = request.method === 'GET' && deps.downloads.serve(url.pathname, response, headers);
      if (!isServed) answer(404, 'not-found\n');
      return;
    }
    const asset = assetFor({ method: request.method ?? '', url }, map);
    const body = asset.status === 200 ? deps.renderer.get(asset.path) : undefined;
    if (asset.status !== 200 || body === undefined) answer(asset.status, 'not-found\n');
    else answer(200, body, { 'Content-Type': asset.contentType });
  };
}
