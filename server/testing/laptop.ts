/**
 * A laptop for tests, small but real: it holds a device key, proves its requests, writes chained changes and
 * signs its segments as the product does.
 */
import { createHash } from 'node:crypto';
import { newSigningSeed, nodeCrypto, signerFromSeed, systemIds } from '../../platform/crypto.ts';
import { sealBox } from '../../platform/sealedBox.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import {
  type CaseId,
  type ChangeId,
  caseRecordId,
  type DeviceId,
  type GroupId,
  newId,
  type PacketId,
  type RecordId,
  type UserId,
} from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import {
  type ChainPoint,
  type ChangeFields,
  chainStart,
  type Op,
  type SealedChange,
  sealChange,
  withhold,
} from '../../shared/sync/change.ts';
import { signPacket } from '../../shared/sync/packet.ts';
import { makeProof, nonceHeader, type ProofClaims, proofHeader } from '../../shared/sync/proof.ts';
import { chainChanges, type Segment, signSegment } from '../../shared/sync/segment.ts';
import type {
  HelloAnswer,
  PacketAnswer,
  PullAnswer,
  PullRequest,
  PushAnswer,
  VaultNotice,
} from '../../shared/sync/wire.ts';

export interface Reply<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** As the test expects it; what comes is asserted there. */
  readonly body: T & { readonly code?: string };
}

/** One edit as a test writes it down. */
export interface Edit {
  readonly record?: RecordId;
  readonly kind?: string;
  readonly op?: Op;
  readonly fields: Readonly<Record<string, Json>>;
  readonly saw?: readonly ChangeId[];
  readonly group?: GroupId;
  readonly schema?: number;
  readonly id?: ChangeId;
  readonly atMs?: number;
}

export interface Written {
  readonly ids: readonly ChangeId[];
  readonly segment: Segment;
}

export interface Asking {
  readonly raw?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly claims?: Partial<ProofClaims>;
  readonly proof?: string;
}

export class Laptop {
  readonly signer = signerFromSeed(newSigningSeed());
  readonly publicKey = toBase64Url(this.signer.publicKey);
  readonly url: string;
  device: DeviceId;
  user: UserId | undefined;
  nonce = '';
  readonly #chains = new Map<CaseId, ChainPoint>();

  constructor(url: string, device: DeviceId = newId<DeviceId>(systemIds)) {
    this.url = url;
    this.device = device;
  }

  /** Uses the code up and becomes the device it is told to be. */
  async enrol(code: string): Promise<void> {
    const body = { code, deviceKey: this.publicKey, label: 'Test laptop', program: '0.1.0' };
    const reply = await send<{ device: { id: DeviceId }; user: { id: UserId } }>(this.url, '/v1/enrol', body);
    if (reply.status !== 200) throw new Error(`enrolment failed: ${reply.body.code}`);
    this.device = reply.body.device.id;
    this.user = reply.body.user.id;
  }

  /** A proven request; asks again once when the nonce was stale. */
  async ask<T = unknown>(path: string, body: unknown, asking: Asking = {}): Promise<Reply<T>> {
    const first = await this.askOnce<T>(path, body, asking);
    return first.body.code === 'auth.nonce-stale' && asking.claims?.nonce === undefined
      ? this.askOnce<T>(path, body, asking)
      : first;
  }

  async askOnce<T = unknown>(path: string, body: unknown, asking: Asking = {}): Promise<Reply<T>> {
    const raw = asking.raw ?? Buffer.from(JSON.stringify(body));
    const proof = asking.proof ?? this.prove(path, raw, asking.claims);
    const reply = await send<T>(this.url, path, raw, { [proofHeader]: proof, ...asking.headers });
    this.nonce = reply.headers.get(nonceHeader) ?? this.nonce;
    return reply;
  }

  prove(path: string, raw: Uint8Array, claims: Partial<ProofClaims> = {}): string {
    const full: ProofClaims = {
      device: this.device,
      method: 'POST',
      path,
      nonce: this.nonce,
      id: toBase64Url(nodeCrypto.randomBytes(16)),
      body: createHash('sha256').update(raw).digest('base64url'),
      ...claims,
    };
    return makeProof(full, this.signer);
  }

  /** Writes edits into a case, as the next of this device's chain, and signs them as one segment. */
  write(caseId: CaseId, ...edits: readonly Edit[]): Written {
    const sealed = edits.map((edit) => sealEdit(caseId, edit));
    const prev = this.#chains.get(caseId) ?? chainStart;
    const draft = { caseId, device: this.device, prev, changes: sealed.map((one) => one.sealed) };
    const last = chainChanges(draft, nodeCrypto).at(-1);
    if (last !== undefined) this.#chains.set(caseId, last);
    return { ids: sealed.map((one) => one.id), segment: signSegment(draft, this.signer, nodeCrypto) };
  }

  /** Seals a segment as a laptop does whose access has ended, and hands it in. */
  async handIn({ segment }: Written, recipient: Parameters<typeof sealBox>[1]): Promise<Reply<PacketAnswer>> {
    const about = {
      version: 1,
      id: newId<PacketId>(systemIds),
      device: this.device,
      case: segment.case,
      reason: 'revoked',
      oldestAtMs: 1,
      sealedAtMs: 2,
      segment: { ...segment, changes: segment.changes.map((change) => withhold(change, nodeCrypto)) },
    } as const;
    const plain = Buffer.from(JSON.stringify(segment.changes.map(({ payload }) => payload)));
    const packet = signPacket(about, (associated) => sealBox(plain, recipient, associated), this.signer);
    return send(this.url, '/v1/hand-in/packet', packet);
  }

  hello(notices?: readonly VaultNotice[]): Promise<Reply<HelloAnswer>> {
    const told = notices === undefined ? {} : { notices };
    return this.ask<HelloAnswer>('/v1/sync/hello', { program: '0.1.0', protocol: 1, schema: 1, ...told });
  }

  push(epoch: string, ...written: readonly (Written | Segment)[]): Promise<Reply<PushAnswer>> {
    const segments = written.map((one) => ('segment' in one ? one.segment : one));
    return this.ask<PushAnswer>('/v1/sync/push', { epoch, segments });
  }

  pull(epoch: string, request: Partial<PullRequest> = {}): Promise<Reply<PullAnswer>> {
    return this.ask<PullAnswer>('/v1/sync/pull', { epoch, userCursor: 0, cursors: {}, ...request });
  }
}

function sealEdit(caseId: CaseId, edit: Edit): { id: ChangeId; sealed: SealedChange } {
  const id = edit.id ?? newId<ChangeId>(systemIds);
  const fields: ChangeFields = Object.fromEntries(
    Object.entries(edit.fields).map(([field, value]) => [field, { value, saw: [...(edit.saw ?? [])] }]),
  );
  const head = {
    id,
    record: edit.record ?? caseRecordId(caseId),
    kind: edit.kind ?? 'case',
    op: edit.op ?? ('update' as const),
    ...(edit.group === undefined ? {} : { group: edit.group }),
    at: [edit.atMs ?? Date.now(), 0] as const,
    schema: edit.schema ?? 1,
    seen: [0, ''] as const,
  };
  return { id, sealed: sealChange({ head, fields }, nodeCrypto) };
}

/** A request without a proof. */
export async function send<T = unknown>(
  url: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply<T>> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body),
  });
  // Every answer of the service is JSON, failures too; one that is not fails the test here.
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Reply<T>['body'] };
}

export const newCaseId = (): CaseId => newId<CaseId>(systemIds);
export const newRecordId = (): RecordId => newId<RecordId>(systemIds);

/** How a file begins: the case's own record, as a report just taken. */
export const received = (title = 'Anruf am Empfang'): Edit => ({
  op: 'create',
  fields: { title, status: 'received' },
});
