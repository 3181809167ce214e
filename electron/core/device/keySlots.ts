/** Storage of the wrapped data keys. The header's exact text is kept: it is what the wrapping authenticates. */
import type { Database } from 'better-sqlite3';
import { guarded } from './database.ts';

export type SlotKind = 'user' | 'escrow';

export interface StoredSlot {
  readonly kind: SlotKind;
  /** Canonical JSON; see `vault/keys/slot.ts`. */
  readonly header: string;
  readonly nonce: Uint8Array;
  readonly wrapped: Uint8Array;
}

export interface KeySlots {
  get(kind: SlotKind): StoredSlot | undefined;
  put(slot: StoredSlot): void;
  /** Overwrites every slot on disk: without a copy of the data key the vault is noise from then on. */
  destroyAll(): void;
}

export function keySlots(database: Database): KeySlots {
  return {
    get(kind) {
      const sql = 'SELECT kind, header, nonce, wrapped FROM key_slots WHERE kind = ?';
      return guarded(() => database.prepare<[string], StoredSlot>(sql).get(kind));
    },
    put({ kind, header, nonce, wrapped }) {
      const sql = 'INSERT OR REPLACE INTO key_slots (kind, header, nonce, wrapped) VALUES (?, ?, ?, ?)';
      guarded(() => void database.prepare(sql).run(kind, header, Buffer.from(nonce), Buffer.from(wrapped)));
    },
    destroyAll: () => guarded(() => void database.exec('DELETE FROM key_slots')),
  };
}
