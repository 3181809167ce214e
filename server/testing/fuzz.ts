/**
 * Requests of any shape against every route, made from a seed: well-formed ones with something torn out or put in,
 * other types, other packings, other proofs. The seed and a number say which request it was.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { errorShapeSchema } from '../../shared/errors.ts';
import { nonceHeader, type ProofClaims, proofHeader } from '../../shared/sync/proof.ts';
import type { Laptop } from './laptop.ts';

export interface FuzzRoute {
  readonly method: string;
  readonly path: string;
  readonly bodies: readonly unknown[];
}

export interface FuzzOptions {
  readonly url: string;
  readonly routes: readonly FuzzRoute[];
  /** Who asks, in turn; nobody of them may see what is secret. */
  readonly laptops: readonly Laptop[];
  readonly secrets: readonly string[];
  readonly seed: number;
  readonly requests: number;
}

export interface FuzzFinding {
  readonly number: number;
  readonly route: string;
  readonly status: number;
  readonly why: string;
}

export interface FuzzResult {
  readonly asked: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly findings: readonly FuzzFinding[];
}

/** What may be answered with a status of 500 and above: the service is busy and says so. */
const ours = new Set(['service.busy']);
const atOnce = 8;
const batch = 1_000;

const anyText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '%00',
    "' or 1=1 --",
    '../../etc/passwd',
    'null',
  ),
  fc.uuid(),
);
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  anyText,
  fc.constantFrom(null, true, -1, 0, 1e308, 2 ** 53, -0.5, [], {}, [[[[]]]]),
);
const mutation = fc.record({
  route: fc.nat(),
  body: fc.nat(),
  laptop: fc.nat(),
  /** Which parts of the body are replaced, and with what; none is a well-formed request. */
  changes: fc.oneof(
    fc.constant([]),
    fc.array(fc.record({ at: fc.nat(), value: fc.option(anyValue, { nil: undefined }) }), { maxLength: 4 }),
  ),
  shape: fc.constantFrom(
    ...Array<'json'>(10).fill('json'),
    'gzip',
    'gzip',
    'false-gzip',
    'bytes',
    'whole',
    'text',
  ),
  bytes: fc.uint8Array({ maxLength: 200 }),
  whole: anyValue,
  proof: fc.constantFrom(
    ...Array<'good'>(10).fill('good'),
    ...(['none', 'garbled', 'other-body', 'other-path', 'stale', 'twice'] as const),
  ),
  query: fc.constantFrom('', '', '', '?x=1', '?__proto__[x]=1'),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const findings: FuzzFinding[] = [];
  const byStatus: Record<string, number> = {};
  let asked = 0;
  for (let from = 0; from < options.requests; from += batch) {
    const numRuns = Math.min(batch, options.requests - from);
    const some = fc.sample(mutation, { seed: options.seed + from, numRuns });
    const waiting = some.entries();
    const worker = async (): Promise<void> => {
      for (const [index, one] of waiting) {
        const { status, finding } = await ask(options, one);
        asked += 1;
        byStatus[status] = (byStatus[status] ?? 0) + 1;
        if (finding !== undefined) findings.push({ number: from + index, ...finding });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }
  return { asked, byStatus, findings };
}

interface Judged {
  readonly status: number;
  readonly finding: Omit<FuzzFinding, 'number'> | undefined;
}

async function ask(options: FuzzOptions, one: Mutation): Promise<Judged> {
  const route = options.routes[one.route % options.routes.length];
  const laptop = options.laptops[one.laptop % options.laptops.length];
  if (route === undefined || laptop === undefined)
    throw new Error('there is nothing to ask, or nobody to ask it');
  const path = route.path + one.query;
  const { raw, encoding } = rawOf(one, route);
  const sent = route.method === 'GET' ? Buffer.alloc(0) : raw;
  const headers = {
    ...(route.method === 'GET' ? {} : { 'content-type': typeOf(one, route) }),
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    ...proofOf(one, laptop, { method: route.method as ProofClaims['method'], path, sent }),
  };
  const request = {
    method: route.method,
    headers,
    ...(route.method === 'GET' ? {} : { body: new Uint8Array(sent) }),
  };
  const answers = [await fetch(`${options.url}${path}`, request)];
  if (one.proof === 'twice') answers.push(await fetch(`${options.url}${path}`, request));
  const answer = answers.at(-1) ?? Response.error();
  await answers.slice(0, -1)[0]?.arrayBuffer();
  laptop.nonce = answer.headers.get(nonceHeader) ?? laptop.nonce;
  const text = await answer.text();
  const why = wrongWith(options, { status: answer.status, text, isRepeat: one.proof === 'twice' });
  const { status } = answer;
  return {
    status,
    finding: why === undefined ? undefined : { route: `${route.method} ${route.path}`, status, why },
  };
}

function wrongWith(
  { secrets }: FuzzOptions,
  { status, text, isRepeat }: { status: number; text: string; isRepeat: boolean },
): string | undefined {
  const found = secrets.find((secret) => text.includes(secret));
  if (found !== undefined) return `shows ${found}`;
  if (status < 400) return isRepeat && text.includes('"epoch"') ? 'a repeated proof was taken' : undefined;
  const shape = errorShapeSchema.safeParse(parse(text));
  if (!shape.success) return `is no failure of the catalogue: ${text.slice(0, 120)}`;
  return status >= 500 && !ours.has(shape.data.code) ? shape.data.code : undefined;
}

function rawOf(one: Mutation, route: FuzzRoute): { raw: Buffer; encoding?: string } {
  const body = route.bodies[one.body % route.bodies.length];
  if (Buffer.isBuffer(body)) return { raw: one.shape === 'bytes' ? Buffer.from(one.bytes) : body };
  const json = Buffer.from(JSON.stringify(mutated(body, one)) ?? '');
  switch (one.shape) {
    case 'gzip':
      return { raw: gzipSync(json), encoding: 'gzip' };
    case 'false-gzip':
      return { raw: json, encoding: 'gzip' };
    case 'bytes':
      return { raw: Buffer.from(one.bytes) };
    case 'whole':
      return { raw: Buffer.from(JSON.stringify(one.whole) ?? '') };
    case 'text':
      return { raw: json, encoding: 'br' };
    default:
      return { raw: json };
  }
}

function typeOf(one: Mutation, route: FuzzRoute): string {
  if (route.method === 'PUT') return 'application/octet-stream';
  return one.shape === 'text' ? 'text/plain' : 'application/json';
}

/** Replaces parts of a value, found by counting through it; a part without a new value is taken out. */
function mutated(body: unknown, { changes }: Mutation): unknown {
  // JSON in, JSON out: what a body is made of.
  const copy: unknown = JSON.parse(JSON.stringify(body ?? null));
  for (const { at, value } of changes) {
    const places = placesOf(copy);
    const place = places[at % Math.max(1, places.length)];
    if (place === undefined) continue;
    if (value === undefined) delete place.of[place.key];
    else place.of[place.key] = structuredClone(value);
  }
  return copy;
}

interface Place {
  readonly of: Record<string, unknown>;
  readonly key: string;
}

function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const of = value as Record<string, unknown>; // arrays have their indexes as keys
  return Object.keys(of).flatMap((key) => [{ of, key }, ...placesOf(of[key])]);
}

interface Sending {
  readonly method: ProofClaims['method'];
  readonly path: string;
  readonly sent: Uint8Array;
}

function proofOf(one: Mutation, laptop: Laptop, { method, path, sent }: Sending): Record<string, string> {
  switch (one.proof) {
    case 'none':
      return {};
    case 'garbled':
      return { [proofHeader]: Buffer.from(one.bytes).toString('base64url') };
    case 'other-body':
      return { [proofHeader]: laptop.prove(path, sent, { method, body: digest('another') }) };
    case 'other-path':
      return { [proofHeader]: laptop.prove('/v1/sync/hello', sent, { method }) };
    case 'stale':
      return { [proofHeader]: laptop.prove(path, sent, { method, nonce: 'AAAA' }) };
    default:
      return { [proofHeader]: laptop.prove(path, sent, { method }) };
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
