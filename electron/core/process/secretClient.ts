/** The core's end of the secret store: the store itself is in the host, because the keystore's API is there. */
import { TmaError } from '../../../shared/errors.ts';
import type { CoreToHost, HostToCore, SecretRequest, SecretStore } from './control.ts';

type SecretAnswer = Extract<HostToCore, { type: 'secret-answer' | 'secret-refused' }>;

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

export interface SecretClient extends SecretStore {
  /** Called with each answer of the host. */
  settle(answer: SecretAnswer): void;
}

/** A {@link SecretStore} whose every call is one question to the host; it throws what the host refused with. */
export function secretClient(backend: string, send: (message: CoreToHost) => void): SecretClient {
  let lastId = 0;
  const waiting = new Map<number, PromiseWithResolvers<Uint8Array | null>>();
  const ask = (request: WithoutId<SecretRequest>): Promise<Uint8Array | null> => {
    const id = ++lastId;
    const answer = Promise.withResolvers<Uint8Array | null>();
    waiting.set(id, answer);
    send({ ...request, id });
    return answer.promise;
  };
  return {
    backend,
    get: (name) => ask({ type: 'secret-get', name }),
    set: async (name, value) => void (await ask({ type: 'secret-set', name, value })),
    delete: async (name) => void (await ask({ type: 'secret-delete', name })),
    settle(answer) {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (answer.type === 'secret-answer') asked?.resolve(answer.value);
      else asked?.reject(new TmaError(answer.error.code, answer.error.params));
    },
  };
}

/** The host's end: answers one question from `store`. Never throws; a refusal travels as its code. */
export async function answerSecret(store: SecretStore, request: SecretRequest): Promise<SecretAnswer> {
  try {
    const value = await perform(store, request);
    return { type: 'secret-answer', id: request.id, value };
  } catch (thrown) {
    const error =
      thrown instanceof TmaError ? thrown : new TmaError('vault.secret-missing', undefined, thrown);
    return { type: 'secret-refused', id: request.id, error: error.toShape() };
  }
}

async function perform(store: SecretStore, request: SecretRequest): Promise<Uint8Array | null> {
  switch (request.type) {
    case 'secret-get':
      return store.get(request.name);
    case 'secret-set':
      await store.set(request.name, request.value);
      return null;
    case 'secret-delete':
      await store.delete(request.name);
      return null;
  }
}
