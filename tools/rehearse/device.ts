/**
 * A laptop that never asks twice: real key, real proofs, real signed changes, over one kept-alive connection of
 * `node:http`, which resends nothing by itself. Whatever is not a good answer is a failure and is counted as one.
 */
import { Agent, request } from 'node:http';
import { type Laptop, newCaseId, newRecordId, received, type Written } from '../../server/testing/laptop.ts';
import type { Reader } from '../../server/testing/reader.ts';
import type { CaseId } from '../../shared/ids.ts';
import { nonceHeader, proofHeader } from '../../shared/sync/proof.ts';
import type { Cursor, HelloAnswer, PullAnswer, PushAnswer } from '../../shared/sync/wire.ts';

export type Operation = 'hello' | 'push' | 'pull' | 'wait';

export interface Answer {
  readonly operation: Operation;
  readonly atMs: number;
  readonly tookMs: number;
  /** Left out when it was answered as it should be. */
  readonly failure?: string;
}

interface Raw {
  readonly status: number;
  readonly nonce: string | undefined;
  readonly text: string;
}

const greeting = JSON.stringify({ program: '0.1.0', protocol: 1, schema: 1 });

/** Longer than any answer may take; then it counts as lost. */
const patienceMs = 70_000;

export class LoadDevice {
  readonly laptop: Laptop;
  readonly caseId: CaseId = newCaseId();
  /** How many of its changes the service has said to have taken. */
  taken = 0;
  readonly #epoch: string;
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: patienceMs });
  /** A push whose fate is not known: sent again as it was, which changes nothing where it had come through. */
  #unsure: Written | undefined;
  #cursor: Cursor | undefined;
  #userCursor = 0;

  constructor(laptop: Laptop, { port, epoch }: { readonly port: number; readonly epoch: string }) {
    this.laptop = laptop;
    this.#port = port;
    this.#epoch = epoch;
  }

  /** Gets its first nonce and begins its case; the ordinary course before any load. Throws when it cannot. */
  async begin(): Promise<void> {
    await this.#send('/v1/sync/hello', '{}');
    const answer = await this.do('push');
    if (answer.failure !== undefined) throw new Error(`a device could not begin: ${answer.failure}`);
  }

  async do(operation: Operation): Promise<Answer> {
    const startedMs = performance.now();
    const failure = await this.#run(operation).catch((error: unknown) => nameOf(error));
    const tookMs = performance.now() - startedMs;
    return { operation, atMs: startedMs, tookMs, ...(failure === undefined ? {} : { failure }) };
  }

  /** Hands in what it is not sure of until it is taken; `false` when that does not come to pass within a minute. */
  async settle(): Promise<boolean> {
    const untilMs = performance.now() + 60_000;
    while (this.#unsure !== undefined && performance.now() < untilMs) {
      const { failure } = await this.do('push');
      if (failure !== undefined) await new Promise((resume) => setTimeout(resume, 250));
    }
    return this.#unsure === undefined;
  }

  /** Who is who, for checking signatures. */
  async directory(): Promise<HelloAnswer['directory']> {
    const { text } = await this.#send('/v1/sync/hello', greeting);
    const answer: HelloAnswer = JSON.parse(text);
    return answer.directory;
  }

  /** Reads its case from the beginning, distrusting everything; gives how many changes are there. */
  async readBack(reader: Reader): Promise<number> {
    for (let userCursor = 0; ; ) {
      const body = { epoch: this.#epoch, userCursor, cursors: reader.cursors };
      const { status, text } = await this.#send('/v1/sync/pull', JSON.stringify(body));
      if (status !== 200) throw new Error(`a laptop could not read its case: status ${status}`);
      const answer: PullAnswer = JSON.parse(text);
      for (const page of answer.cases) reader.read(page);
      userCursor = answer.events.at(-1)?.position ?? userCursor;
      if (!answer.more) return reader.heads.get(this.caseId)?.position ?? 0;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #run(operation: Operation): Promise<string | undefined> {
    if (operation === 'push') return this.#push();
    if (operation === 'hello') {
      const { status } = await this.#send('/v1/sync/hello', greeting);
      return status === 200 ? undefined : `status ${status}`;
    }
    return this.#pull(operation === 'wait' ? 3_000 : 0);
  }

  async #push(): Promise<string | undefined> {
    const written = this.#unsure ?? this.#write();
    this.#unsure = written;
    const body = { epoch: this.#epoch, segments: [written.segment] };
    const { status, text } = await this.#send('/v1/sync/push', JSON.stringify(body));
    if (status !== 200) return `status ${status}`;
    const answer: PushAnswer = JSON.parse(text);
    const [segment] = answer.segments;
    if (segment?.outcome !== 'taken') return `refused ${segment?.code ?? ''}`;
    if (segment.changes.some(({ outcome }) => outcome === 'quarantined')) return 'quarantined';
    this.#unsure = undefined;
    this.taken += written.ids.length;
    this.#cursor = { position: segment.head.position, running: segment.head.running };
    return undefined;
  }

  #write(): Written {
    if (this.#cursor === undefined) return this.laptop.write(this.caseId, received());
    const text = 'Hat heute wieder angerufen und nach Frau Weber gefragt.';
    return this.laptop.write(this.caseId, {
      record: newRecordId(),
      kind: 'note',
      op: 'create',
      fields: { text },
    });
  }

  async #pull(waitMs: number): Promise<string | undefined> {
    const cursors = this.#cursor === undefined ? {} : { [this.caseId]: this.#cursor };
    const body = { epoch: this.#epoch, userCursor: this.#userCursor, cursors, waitMs };
    const { status, text } = await this.#send('/v1/sync/pull', JSON.stringify(body));
    if (status !== 200) return `status ${status}`;
    const answer: PullAnswer = JSON.parse(text);
    this.#userCursor = answer.events.at(-1)?.position ?? this.#userCursor;
    return undefined;
  }

  async #send(path: string, text: string): Promise<Raw> {
    const body = Buffer.from(text);
    const proof = this.laptop.prove(path, body);
    const answer = await new Promise<Raw>((resolve, reject) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          agent: this.#agent,
          method: 'POST',
          path,
          headers: {
            'content-type': 'application/json',
            'content-length': body.length,
            [proofHeader]: proof,
          },
        },
        (reply) => {
          const parts: Buffer[] = [];
          reply.on('data', (part) => parts.push(part));
          reply.on('error', reject);
          reply.on('end', () => {
            const nonce = reply.headers[nonceHeader];
            const whole = Buffer.concat(parts).toString();
            resolve({
              status: reply.statusCode ?? 0,
              nonce: typeof nonce === 'string' ? nonce : undefined,
              text: whole,
            });
          });
        },
      );
      asked.setTimeout(patienceMs, () => asked.destroy(new Error('no answer')));
      asked.on('error', reject);
      asked.end(body);
    });
    this.laptop.nonce = answer.nonce ?? this.laptop.nonce;
    return answer;
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
