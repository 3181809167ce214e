/**
 * A key management service for tests: the part of the protocol of AWS KMS (JSON 1.1, "AWS KMS API Reference") that the
 * service uses, with real encryption, so that the official client is what is tested. It binds the encryption context
 * into the ciphertext, refuses a ciphertext of another key, and can be told to deny.
 */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface KmsServer {
  readonly url: string;
  /** From now on these operations are denied, as by a policy: `Decrypt`, `Encrypt`, … */
  deny(...operations: readonly string[]): void;
  /** Destroys the key behind an alias, at once. */
  destroy(alias: string): void;
  /** What was asked, in order. */
  readonly asked: readonly { readonly operation: string; readonly context: unknown }[];
  close(): Promise<void>;
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

interface Order {
  readonly KeyId?: string;
  readonly Plaintext?: string;
  readonly CiphertextBlob?: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
  readonly AliasName?: string;
  readonly TargetKeyId?: string;
}

class KmsFailure extends Error {}
const idBytes = 36;

export async function startKmsServer(): Promise<KmsServer> {
  const keys = new Map<string, Key>();
  const aliases = new Map<string, string>();
  const asked: { operation: string; context: unknown }[] = [];
  let denied: readonly string[] = [];

  const keyOf = (name = ''): Key => {
    const key = keys.get(aliases.get(name) ?? name);
    if (key === undefined) throw new KmsFailure('NotFoundException');
    return key;
  };
  const contextOf = (order: Order) =>
    Buffer.from(JSON.stringify(Object.entries(order.EncryptionContext ?? {}).sort()));

  const operations: Readonly<Record<string, (order: Order) => unknown>> = {
    CreateKey() {
      const key = { id: randomUUID(), bytes: randomBytes(32) };
      keys.set(key.id, key);
      return { KeyMetadata: { KeyId: key.id } };
    },
    EnableKeyRotation: (order) => void keyOf(order.KeyId),
    ScheduleKeyDeletion: (order) => void keys.delete(keyOf(order.KeyId).id),
    DescribeKey: (order) => ({ KeyMetadata: { KeyId: keyOf(order.KeyId).id } }),
    CreateAlias({ AliasName = '', TargetKeyId = '' }) {
      if (aliases.has(AliasName)) throw new KmsFailure('AlreadyExistsException');
      aliases.set(AliasName, TargetKeyId);
    },
    Encrypt(order) {
      const { id, bytes } = keyOf(order.KeyId);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', bytes, nonce).setAAD(contextOf(order));
      const sealed = Buffer.concat([cipher.update(order.Plaintext ?? '', 'base64'), cipher.final()]);
      const blob = Buffer.concat([Buffer.from(id), nonce, sealed, cipher.getAuthTag()]);
      return { KeyId: id, CiphertextBlob: blob.toString('base64') };
    },
    Decrypt(order) {
      const blob = Buffer.from(order.CiphertextBlob ?? '', 'base64');
      const key = keyOf(order.KeyId);
      if (blob.toString('utf8', 0, idBytes) !== key.id) throw new KmsFailure('IncorrectKeyException');
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, blob.subarray(idBytes, idBytes + 12));
      decipher.setAAD(contextOf(order)).setAuthTag(blob.subarray(blob.length - 16));
      try {
        const first = decipher.update(blob.subarray(idBytes + 12, blob.length - 16));
        return { KeyId: key.id, Plaintext: Buffer.concat([first, decipher.final()]).toString('base64') };
      } catch {
        throw new KmsFailure('InvalidCiphertextException');
      }
    },
  };

  function answer(operation: string, order: Order): { status: number; body: unknown } {
    asked.push({ operation, context: order.EncryptionContext });
    try {
      if (denied.includes(operation)) throw new KmsFailure('AccessDeniedException');
      return { status: 200, body: operations[operation]?.(order) ?? {} };
    } catch (error) {
      if (!(error instanceof KmsFailure)) throw error;
      return { status: 400, body: { __type: error.message, message: 'no' } };
    }
  }

  const server = createServer(async (request, reply) => {
    const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
    const { status, body } = answer(operation, JSON.parse(await textOf(request)));
    reply.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server's address
    asked,
    deny: (...names) => {
      denied = names;
    },
    destroy: (alias) => void keys.delete(aliases.get(alias) ?? ''),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}
