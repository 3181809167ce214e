/** The service as an enrolled device speaks to it: every request proves the device's key (S03). */
import { z } from 'zod';
import { toBase64Url } from '../../../shared/bytes.ts';
import { type ErrorCode, TmaError } from '../../../shared/errors.ts';
import type { CaseId, DeviceId } from '../../../shared/ids.ts';
import type { Signer, SyncCrypto } from '../../../shared/sync/crypto.ts';
import { type SignedInAnswer, type SignIn, signedInAnswerSchema } from '../../../shared/sync/identity.ts';
import { type LeasesAnswer, type LeasesRequest, leasesAnswerSchema } from '../../../shared/sync/leases.ts';
import type { SignedPacket } from '../../../shared/sync/packet.ts';
import { makeProof, proofHeader, tokenHash } from '../../../shared/sync/proof.ts';
import { type DepositRequest, depositAnswerSchema } from '../../../shared/sync/unlock.ts';
import {
  type BlobState,
  blobStateSchema,
  type CompareAnswer,
  type CompareRequest,
  compareAnswerSchema,
  type HelloAnswer,
  helloAnswerSchema,
  type helloRequestSchema,
  type PacketAnswer,
  type PullAnswer,
  type PullRequest,
  type PushAnswer,
  type PushRequest,
  packetAnswerSchema,
  pullAnswerSchema,
  pushAnswerSchema,
  type StreamRequest,
  type SucceedAnswer,
  type SucceedRequest,
  succeedAnswerSchema,
  type WitnessAnswer,
  witnessAnswerSchema,
} from '../../../shared/sync/wire.ts';
import type { TokenKeeper } from '../identity/tokens.ts';
import type { ServiceAddress } from '../sync/engine.types.ts';
import type { PinKeeper } from './pinning.ts';
import { type Call, createTransport, type Timers } from './transport.ts';

/** Every call fails with a `TmaError`: what the service answered, or `service.*` for the way there and back. */
export interface ServiceClient {
  hello(request: z.infer<typeof helloRequestSchema>, signal: AbortSignal): Promise<HelloAnswer>;
  push(request: PushRequest, signal: AbortSignal): Promise<PushAnswer>;
  pull(request: PullRequest, signal: AbortSignal): Promise<PullAnswer>;
  /** What a first sync brings, line by line as it comes, unchecked; it ends early where the service stopped early. */
  stream(request: StreamRequest, signal: AbortSignal): AsyncIterable<Uint8Array>;
  compare(request: CompareRequest, signal: AbortSignal): Promise<CompareAnswer>;
  /** What the newest statement of the witness says of at most a hundred cases. */
  witness(cases: readonly CaseId[], signal: AbortSignal): Promise<WitnessAnswer>;
  /** S02: shows a sign-in that was just made. */
  signIn(signIn: SignIn): Promise<SignedInAnswer>;
  /** Gives the service its share of the vault's key to keep. */
  depositShare(request: DepositRequest): Promise<void>;
  /** Hands in a sealed packet, which proves by itself whose it is. */
  handIn(packet: SignedPacket, signal: AbortSignal): Promise<PacketAnswer>;
  /** Checks cases out and gives them back; every lease of this laptop is renewed by it. */
  leases(request: LeasesRequest, signal: AbortSignal): Promise<LeasesAnswer>;
  succeed(request: SucceedRequest, signal: AbortSignal): Promise<SucceedAnswer>;
  /** Ends all connections. */
  close(): void;
}

/** One part of an attachment on the service. */
export interface BlobPart {
  readonly blob: string;
  readonly part: number;
}

/** Attachments; each call fails as the others do, with `not-found` for what may not be seen or has not arrived. */
export interface BlobService {
  state(blob: string, signal: AbortSignal): Promise<BlobState>;
  put(place: BlobPart, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  get(place: BlobPart, signal: AbortSignal): Promise<Uint8Array>;
}

export interface PinnedClient extends ServiceClient {
  readonly blobs: BlobService;
  /** The public keys of the chain that the service showed last, as pins (S01). */
  chain(): readonly string[];
}

export interface ServiceClientDeps {
  readonly service: ServiceAddress;
  readonly device: { readonly id: DeviceId; readonly signer: Signer };
  readonly crypto: SyncCrypto;
  readonly clock: Timers;
  readonly pins: Pick<PinKeeper, 'current'>;
  /** Version of the program. */
  readonly program: string;
  /** S02: left out where no organisation asks for sign-ins. */
  readonly tokens?: Pick<TokenKeeper, 'current' | 'refused'> | undefined;
}

/** Time on top of the wait asked for until a long poll counts as lost. */
const pollSlackMs = 20_000;

/** A fresh nonce came with the answer; a fresh token can be had. */
const canAskAgain: ReadonlySet<string> = new Set<ErrorCode>(['auth.nonce-stale', 'auth.token-invalid']);

export function createServiceClient(deps: ServiceClientDeps): PinnedClient {
  const { crypto, device } = deps;
  const transport = createTransport({
    ...{ address: deps.service, timers: deps.clock },
    ...{ program: deps.program, pins: deps.pins },
  });
  const basePath = new URL(deps.service.url).pathname.replace(/\/$/, '');

  const prove = (
    { path, method = 'POST' }: Pick<Call<z.ZodType>, 'path' | 'method'>,
    sent: Uint8Array,
    token?: string,
  ): Readonly<Record<string, string>> => {
    const claims = {
      device: device.id,
      method,
      path: basePath + path,
      nonce: transport.nonce(),
      id: toBase64Url(crypto.randomBytes(16)),
      body: toBase64Url(crypto.sha256(sent)),
      ...(token === undefined ? {} : { ath: tokenHash(token, crypto) }),
    } as const;
    const proof = { [proofHeader]: makeProof(claims, device.signer) };
    return token === undefined ? proof : { ...proof, authorization: `Bearer ${token}` };
  };

  /** A stale nonce is the normal case after a pause: the answer brought a fresh one, so ask once more. */
  const proven = async <S extends z.ZodType>(call: Call<S>, token?: string): Promise<z.output<S>> => {
    const withProof: Call<S> = { ...call, headersFor: (sent) => prove(call, sent, token) };
    try {
      return await transport.post(withProof);
    } catch (thrown) {
      if (!(thrown instanceof TmaError) || thrown.code !== 'auth.nonce-stale') throw thrown;
      return transport.post(withProof);
    }
  };

  /** What came is not asked for again: only a question that was not answered at all is. */
  const exchangeLines = async function* (call: Omit<Call<z.ZodType>, 'answer'>): AsyncGenerator<Uint8Array> {
    const ask = async () => {
      const token = await deps.tokens?.current();
      return transport.lines({ ...call, headersFor: (sent) => prove(call, sent, token) });
    };
    try {
      yield* await ask();
    } catch (thrown) {
      if (!(thrown instanceof TmaError) || !canAskAgain.has(thrown.code)) throw thrown;
      if (thrown.code === 'auth.token-invalid') deps.tokens?.refused();
      yield* await ask();
    }
  };

  /** With the access token, where there is one. One that the service does not take any more is renewed once. */
  const exchange = async <S extends z.ZodType>(call: Call<S>): Promise<z.output<S>> => {
    const token = await deps.tokens?.current();
    try {
      return await proven(call, token);
    } catch (thrown) {
      if (token === undefined || !(thrown instanceof TmaError) || thrown.code !== 'auth.token-invalid')
        throw thrown;
      deps.tokens?.refused();
      return proven(call, await deps.tokens?.current());
    }
  };

  return {
    hello: (body, signal) => exchange({ path: '/v1/sync/hello', body, answer: helloAnswerSchema, signal }),
    push: (body, signal) => exchange({ path: '/v1/sync/push', body, answer: pushAnswerSchema, signal }),
    pull: (body, signal) =>
      exchange({
        path: '/v1/sync/pull',
        body,
        answer: pullAnswerSchema,
        signal,
        silenceMs: (body.waitMs ?? 0) + pollSlackMs,
      }),
    stream: (body, signal) => exchangeLines({ path: '/v1/sync/stream', body, signal }),
    succeed: (body, signal) =>
      exchange({ path: '/v1/sync/succeed', body, answer: succeedAnswerSchema, signal }),
    leases: (body, signal) => exchange({ path: '/v1/sync/leases', body, answer: leasesAnswerSchema, signal }),
    compare: (body, signal) =>
      exchange({ path: '/v1/sync/compare', body, answer: compareAnswerSchema, signal }),
    witness: (cases, signal) =>
      exchange({ path: '/v1/sync/witness', body: { cases }, answer: witnessAnswerSchema, signal }),
    signIn: (body) => proven({ path: '/v1/sync/sign-in', body, answer: signedInAnswerSchema }),
    depositShare: async (body) =>
      void (await exchange({ path: '/v1/sync/share', body, answer: depositAnswerSchema })),
    handIn: (body, signal) =>
      transport.post({ path: '/v1/hand-in/packet', body, answer: packetAnswerSchema, signal }),
    blobs: {
      state: (blob, signal) =>
        exchange({ method: 'GET', path: `/v1/blobs/${blob}`, answer: blobStateSchema, signal }),
      put: async (place, bytes, signal) =>
        void (await exchange({ method: 'PUT', path: pathOf(place), bytes, answer: nothing, signal })),
      get: (place, signal) =>
        exchange({ method: 'GET', path: pathOf(place), isRaw: true, answer: rawBytes, signal }),
    },
    chain: () => transport.chain(),
    close: () => transport.close(),
  };
}

const nothing = z.object({});
const rawBytes = z.instanceof(Uint8Array);
const pathOf = ({ blob, part }: BlobPart): string => `/v1/blobs/${blob}/parts/${part}`;
