/** For every route of the service, what somebody would ask it who wants to know about one case in particular. */
import type { CaseId } from '../../shared/ids.ts';
import { nonceHeader, proofHeader } from '../../shared/sync/proof.ts';
import type { Laptop } from './laptop.ts';

export interface Target {
  readonly caseId: CaseId;
  readonly blob: string;
  readonly tenant: string;
  readonly epoch: string;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
}

const anyHash = 'A'.repeat(43);
const anySig = 'A'.repeat(86);

/** By method and path as the description of the API names them. A route without an entry here fails the walk. */
export function questionsAbout({
  caseId,
  blob,
  tenant,
  epoch,
}: Target): ReadonlyMap<string, readonly unknown[]> {
  const cursor = (position: number) => ({ [caseId]: { position, running: anyHash } });
  const pulls = [{}, cursor(0), cursor(1)].map((cursors) => ({ epoch, userCursor: 0, cursors }));
  const code = { code: 'ABCD-EFGH-JKLM' };
  const signIn = { idToken: 'a.b.c', seed: anyHash };
  return new Map<string, readonly unknown[]>([
    ['POST /v1/enrol/check', [code]],
    ['POST /v1/enrol/organisation', [{ tenant }]],
    ['POST /v1/enrol/sign-in', [{ ...signIn, tenant }]],
    ['POST /v1/enrol', [{ ...code, deviceKey: anyHash, label: 'x', program: 'x' }]],
    ['POST /v1/sync/sign-in', [signIn]],
    ['POST /v1/sync/hello', [{ program: 'x', protocol: 1, schema: 1, userCursor: 0 }]],
    ['POST /v1/sync/push', [{ epoch, segments: [segmentOf(caseId)] }]],
    ['POST /v1/sync/pull', pulls],
    ['POST /v1/sync/stream', pulls],
    [
      'POST /v1/sync/succeed',
      [{ deviceKey: anyHash, program: 'x', waiting: [{ case: caseId, n: 1, hash: anyHash }] }],
    ],
    ['POST /v1/sync/compare', [{ epoch, points: [{ case: caseId, position: 1, running: anyHash }] }]],
    ['POST /v1/sync/witness', [{ cases: [caseId] }]],
    [
      'POST /v1/sync/leases',
      [{}, { take: { id: caseId, case: caseId, purpose: 'travel', forMs: 1_000 }, giveBack: [caseId] }],
    ],
    ['POST /v1/sync/share', [{ unlockKey: anyHash, share: anyHash }]],
    ['POST /v1/unlock/share', [{}]],
    ['GET /v1/blobs/{id}', [undefined]],
    ['PUT /v1/blobs/{id}/parts/{n}', [Buffer.alloc(100)]],
    ['GET /v1/blobs/{id}/parts/{n}', [undefined]],
    ['POST /v1/hand-in/wiped', [{ text: JSON.stringify({ device: caseId }), sig: anySig }]],
    ['POST /v1/hand-in/packet', [{ text: JSON.stringify({ about: caseId, box: blob }), sig: anySig }]],
  ]);
}

function segmentOf(caseId: CaseId) {
  const change = { head: '{}', payload: '{}', salt: 'A'.repeat(22) };
  return { case: caseId, device: caseId, from: 1, prev: anyHash, changes: [change], sig: anySig };
}

/** The routes that the service describes of itself, as `METHOD /path`. */
export async function describedRoutes(url: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/docs/json`);
  // The description of the API, which another test holds to what it is.
  const { paths } = (await answer.json()) as { readonly paths: Readonly<Record<string, object>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

export interface Heard {
  readonly status: number;
  readonly text: string;
}

/** Asks with the proof of a laptop, again once when the nonce was stale; without one where there is none. */
export async function askAs(laptop: Laptop | undefined, url: string, question: Question): Promise<Heard> {
  const first = await askOnce(laptop, url, question);
  return first.text.includes('auth.nonce-stale') ? askOnce(laptop, url, question) : first;
}

async function askOnce(
  laptop: Laptop | undefined,
  url: string,
  { method, path, body }: Question,
): Promise<Heard> {
  const isBytes = Buffer.isBuffer(body);
  const raw = isBytes ? body : Buffer.from(body === undefined ? '' : JSON.stringify(body));
  const proof = laptop === undefined ? {} : { [proofHeader]: laptop.prove(path, raw, { method }) };
  const type = isBytes ? 'application/octet-stream' : 'application/json';
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { ...proof, ...(method === 'GET' ? {} : { 'content-type': type }) },
    ...(method === 'GET' ? {} : { body: new Uint8Array(raw) }),
  });
  if (laptop !== undefined) laptop.nonce = answer.headers.get(nonceHeader) ?? laptop.nonce;
  return { status: answer.status, text: await answer.text() };
}
