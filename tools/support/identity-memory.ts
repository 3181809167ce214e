/** What the identity provider for trying the product remembers, in memory: it outlives a change of its keys. */
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly payload: AdapterPayload;
  readonly endsAtMs: number;
}

/** Gives the constructor that `oidc-provider` takes: one adapter for each kind of thing it keeps. */
export function memoryAdapters(): (kind: string) => Adapter {
  const all = new Map<string, Kept>();
  const keyOf = (kind: string, id: string) => `${kind}:${id}`;
  const find = (key: string): AdapterPayload | undefined => {
    const kept = all.get(key);
    return kept === undefined || kept.endsAtMs < Date.now() ? undefined : kept.payload;
  };
  const findBy = (kind: string, name: 'uid' | 'userCode', value: string) => {
    const keys = [...all.keys()].filter((key) => key.startsWith(`${kind}:`));
    return keys.map(find).find((payload) => payload?.[name] === value);
  };
  return (kind) => ({
    async upsert(id, payload, expiresIn) {
      const endsAtMs = expiresIn !== undefined ? Date.now() + expiresIn * 1_000 : Number.POSITIVE_INFINITY;
      all.set(keyOf(kind, id), { payload, endsAtMs });
    },
    find: async (id) => find(keyOf(kind, id)),
    findByUid: async (uid) => findBy(kind, 'uid', uid),
    findByUserCode: async (userCode) => findBy(kind, 'userCode', userCode),
    async consume(id) {
      const payload = find(keyOf(kind, id));
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1_000);
    },
    async destroy(id) {
      all.delete(keyOf(kind, id));
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of all) if (payload.grantId === grantId) all.delete(key);
    },
  });
}
