/**
 * One request to the service and its answer, over axios's HTTP adapter and the {@link ServiceAgent}. No proxies,
 * no redirects, bounded in time and size, bodies over 1 KiB compressed.
 */
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import type { z } from 'zod';
import { concat } from '../../../shared/bytes.ts';
import { TmaError } from '../../../shared/errors.ts';
import { nonceHeader } from '../../../shared/sync/proof.ts';
import type { ServiceAddress } from '../sync/engine.types.ts';
import { ServiceAgent } from './agent.ts';
import { answeredFailure, invalidAnswer, parseJson, transportFailure } from './failures.ts';
import { linePackings, readLines } from './lines.ts';
import { type Packed, type Packing, pack, packingFor } from './packing.ts';
import type { PinKeeper } from './pinning.ts';

export interface Timers {
  nowMs(): number;
  /** Runs `run` once after the delay; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export interface Call<S extends z.ZodType> {
  /** POST unless told otherwise. */
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** Sent as they are, in place of a JSON body. */
  readonly bytes?: Uint8Array;
  /** The answer is bytes and not JSON. */
  readonly isRaw?: boolean;
  /** Such as `/v1/sync/push`. */
  readonly path: string;
  readonly body?: unknown;
  readonly answer: S;
  /** How long the service may keep silent; answers that are being sent have five minutes at most. */
  readonly silenceMs?: number;
  /** Ends the request; it then fails with `service.unreachable`. */
  readonly signal?: AbortSignal;
  /** Headers made from the exact bytes that are sent. */
  readonly headersFor?: (sent: Uint8Array) => Readonly<Record<string, string>>;
}

export interface Transport {
  /**
   * POSTs JSON and reads JSON.
   * @throws TmaError a code the service answered with, `service.unreachable`, `service.certificate-refused`,
   *   `service.busy`, `service.error`, `service.answer-invalid`.
   */
  post<S extends z.ZodType>(call: Call<S>): Promise<z.output<S>>;
  /**
   * POSTs JSON and reads line by line, as they come, unchecked; ends, too, where the service stopped early.
   * @throws TmaError as `post`, between two lines as well.
   */
  lines(call: Omit<Call<z.ZodType>, 'answer'>): AsyncGenerator<Uint8Array>;
  /** The nonce of the latest answer, empty before the first. */
  nonce(): string;
  /** The public keys of the chain that the service showed last, as pins. */
  chain(): readonly string[];
  close(): void;
}

/** A page of 1 MiB of changes, written as JSON, with room for one change of the largest size. */
const maxAnswerBytes = 24 * 1024 * 1024;
const maxFailureBytes = 64 * 1024;
const silenceMs = 30_000;
const totalMs = 300_000;

export interface TransportDeps {
  readonly address: ServiceAddress;
  readonly timers: Timers;
  /** Version of the program. */
  readonly program: string;
  readonly pins: Pick<PinKeeper, 'current'>;
}

export function createTransport({ address, timers, program, pins }: TransportDeps): Transport {
  const base = new URL(address.url);
  const agent = new ServiceAgent({
    host: base.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(base.port || 443),
    caPem: address.caPem,
    pins: pins.current,
  });
  const http = axiosFor(base, agent, program);
  let nonce = '';
  let packing: Packing = 'gzip';

  const request = async <T>(
    call: Omit<Call<z.ZodType>, 'answer'>,
    deadline: Deadline,
    how: AxiosRequestConfig = {},
  ): Promise<AxiosResponse<T>> => {
    // What asks for a stream is short.
    const { sent, encoding } = await bodyOf(call, how.responseType === 'stream' ? 'gzip' : packing);
    try {
      const answer = await http.request<T>({
        ...how,
        url: call.path,
        method: call.method ?? 'POST',
        ...(call.method === 'GET' ? {} : { data: sent }),
        timeout: call.silenceMs ?? silenceMs,
        signal: deadline.signal,
        headers: {
          'content-type': call.bytes === undefined ? 'application/json' : 'application/octet-stream',
          ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
          ...how.headers,
          ...call.headersFor?.(sent),
        },
      });
      const offered: unknown = answer.headers[nonceHeader];
      if (typeof offered === 'string') nonce = offered;
      packing = packingFor(answer.headers['accept-encoding']);
      // Another task of the service than the one that said it, and an older one.
      const isMisread = answer.status === 400 && encoding === 'zstd' && packing === 'gzip';
      return isMisread ? await request<T>(call, deadline, how) : answer;
    } catch (thrown) {
      throw transportFailure(thrown);
    }
  };

  const failureOf = (answer: AxiosResponse<unknown>, body: Uint8Array): TmaError =>
    answeredFailure({ status: answer.status, body, retryAfter: retryAfterOf(answer) }, timers.nowMs());

  return {
    async post(call) {
      const deadline = deadlineFor(call, timers);
      const answer = await request<Uint8Array>(call, deadline).finally(deadline.clear);
      const { data: body } = answer;
      if (!isSuccess(answer)) throw failureOf(answer, body);
      const read = call.answer.safeParse(call.isRaw === true ? body : parseJson(body));
      if (!read.success) throw invalidAnswer(read.error);
      return read.data;
    },
    async *lines(call) {
      const deadline = deadlineFor(call, timers);
      try {
        const answer = await request<Readable>(call, deadline, streamed);
        const { data: body } = answer;
        if (!isSuccess(answer)) throw failureOf(answer, await collected(body));
        const packing: unknown = answer.headers['content-encoding'];
        const encoding = typeof packing === 'string' ? packing : undefined;
        const lines = readLines({ body, encoding, maxLineBytes: maxAnswerBytes, heard: deadline.heard });
        for await (const line of lines) {
          yield line;
          // What is done with it meanwhile is no silence of the service.
          deadline.heard();
        }
      } finally {
        deadline.clear();
      }
    },
    nonce: () => nonce,
    chain: () => agent.chain(),
    close: () => agent.destroy(),
  };
}

function axiosFor(base: URL, agent: ServiceAgent, program: string): AxiosInstance {
  return axios.create({
    adapter: 'http',
    baseURL: base.href,
    allowAbsoluteUrls: false,
    method: 'POST',
    httpsAgent: agent,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: maxAnswerBytes,
    maxBodyLength: maxAnswerBytes,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': `tma-workstation/${program}`,
    },
  });
}

async function bodyOf(
  { method, bytes, body }: Omit<Call<z.ZodType>, 'answer'>,
  packing: Packing,
): Promise<Packed> {
  if (method === 'GET') return { sent: Buffer.alloc(0), encoding: undefined };
  if (bytes === undefined) return pack(body, packing);
  return { sent: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), encoding: undefined };
}

interface Deadline {
  readonly signal: AbortSignal;
  /** Something has come: silence counts from now on. */
  readonly heard: () => void;
  readonly clear: () => void;
}

/** A slow answer that never ends must end, too; axios's own limit counts silence only, and none of a stream's. */
function deadlineFor(call: Omit<Call<z.ZodType>, 'answer'>, timers: Timers): Deadline {
  const limit = new AbortController();
  const abort = () => limit.abort();
  const clearTotal = timers.after(totalMs, abort);
  let clearSilence: (() => void) | undefined;
  const clear = () => {
    clearTotal();
    clearSilence?.();
  };
  const heard = () => {
    clearSilence?.();
    clearSilence = timers.after(silenceMs, abort);
  };
  const signal = call.signal === undefined ? limit.signal : AbortSignal.any([limit.signal, call.signal]);
  if (signal.aborted) {
    clear();
    throw new TmaError('service.unreachable');
  }
  return { signal, heard, clear };
}

/** An answer that is unpacked and bounded line by line, not as a whole. */
const streamed: AxiosRequestConfig = {
  responseType: 'stream',
  decompress: false,
  maxContentLength: -1,
  headers: { accept: 'application/x-ndjson', 'accept-encoding': linePackings },
};

const isSuccess = ({ status }: AxiosResponse<unknown>): boolean => status >= 200 && status <= 299;

/** The body of a failure, which is short; more of it is not read. */
async function collected(body: Readable): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Uint8Array>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > maxFailureBytes) break;
  }
  return concat(...parts);
}

function retryAfterOf(answer: AxiosResponse<unknown>): string | undefined {
  const header: unknown = answer.headers['retry-after'];
  return typeof header === 'string' ? header : undefined;
}
