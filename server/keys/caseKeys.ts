/** The keys of cases, in memory while they are in use, and what they seal. */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { concat, toBase64Url, u64, utf8, uuidBytes } from '../../shared/bytes.ts';
import type { CaseId, RecordId, TenantId } from '../../shared/ids.ts';
import type { SealedChange } from '../../shared/sync/change.ts';
import type { RecordState } from '../../shared/sync/merge.ts';
import { decrypt, encrypt, keyBytes } from './aead.ts';
import { type KeyService, KeyUnavailable } from './keyService.ts';

const mostKept = 5_000;
const keptForMs = 10 * 60_000;
const saltBytes = 16;

export class CaseKeys {
  readonly #service: KeyService;
  readonly #kept = new LRUCache<string, CaseCipher>({ max: mostKept, ttl: keptForMs });

  constructor(service: KeyService) {
    this.#service = service;
  }

  /** A key for a new case, and the form in which it is stored. Throws {@link KeyUnavailable}. */
  async create(tenant: TenantId, caseId: CaseId): Promise<{ cipher: CaseCipher; wrapped: Uint8Array }> {
    const place = placeOf(tenant, caseId);
    const key = randomBytes(keyBytes);
    const wrapped = await this.#service.wrap(tenant, key, place);
    return { cipher: new CaseCipher(key, place), wrapped };
  }

  /** Throws {@link KeyUnavailable}. */
  async open(tenant: TenantId, caseId: CaseId, wrapped: Uint8Array): Promise<CaseCipher> {
    // The wrapped form is part of the name: a key that was replaced is never taken for the new one.
    const name = `${tenant}/${caseId}/${toBase64Url(wrapped)}`;
    const known = this.#kept.get(name);
    if (known !== undefined) return known;
    const place = placeOf(tenant, caseId);
    const cipher = new CaseCipher(await this.#service.unwrap(tenant, wrapped, place), place);
    this.#kept.set(name, cipher);
    return cipher;
  }
}

/** Encrypts what one case holds; each ciphertext is bound to its place in the case. */
export class CaseCipher {
  readonly #key: KeyObject;
  readonly #ofChanges: Uint8Array;
  readonly #ofRecords: Uint8Array;

  constructor(key: Uint8Array, place: Uint8Array) {
    this.#key = createSecretKey(key);
    this.#ofChanges = concat(utf8('tma/stored-change/1'), place);
    this.#ofRecords = concat(utf8('tma/stored-record/1'), place);
  }

  /** Salt and payload together: with the salt left plain, a short payload could be guessed from its hash. */
  sealChange(change: Pick<SealedChange, 'salt' | 'payload'>, position: number): Uint8Array {
    const plain = Buffer.allocUnsafe(saltBytes + Buffer.byteLength(change.payload));
    plain.write(change.salt, 'base64url');
    plain.write(change.payload, saltBytes);
    return encrypt(this.#key, plain, this.#changePlace(position));
  }

  openChange(sealed: Uint8Array, position: number): Pick<SealedChange, 'salt' | 'payload'> {
    const plain = this.#open(sealed, this.#changePlace(position));
    return {
      salt: plain.toString('base64url', 0, saltBytes),
      payload: plain.toString('utf8', saltBytes),
    };
  }

  sealState(state: RecordState, record: RecordId): Uint8Array {
    return encrypt(this.#key, Buffer.from(JSON.stringify(state)), this.#recordPlace(record));
  }

  openState(sealed: Uint8Array, record: RecordId): RecordState {
    // Written by sealState alone, as the authentication tag has just proved.
    return JSON.parse(this.#open(sealed, this.#recordPlace(record)).toString('utf8')) as RecordState;
  }

  #changePlace(position: number): Uint8Array {
    return concat(this.#ofChanges, u64(position));
  }

  #recordPlace(record: RecordId): Uint8Array {
    return concat(this.#ofRecords, uuidBytes(record));
  }

  #open(sealed: Uint8Array, associated: Uint8Array): Buffer {
    const plain = decrypt(this.#key, sealed, associated);
    if (plain === undefined)
      throw new KeyUnavailable('Stored content does not open under the key of its case.');
    return plain;
  }
}

function placeOf(tenant: TenantId, caseId: CaseId): Uint8Array {
  return concat(uuidBytes(tenant), uuidBytes(caseId));
}
