/**
 * Which device this laptop is. It becomes another one when its vault turns out to have been set back or copied, while
 * the program runs: so everything asks here and remembers nothing.
 */
import type { Signer } from '../../../shared/sync/crypto.ts';
import type { Owner } from './meta.ts';

export interface Identity {
  readonly owner: Owner;
  /** Always signs with the key the device has now. */
  readonly signer: Signer;
  /** @returns what undoes it. */
  become(next: Being): () => void;
}

export interface Being {
  readonly owner: Owner;
  readonly signer: Signer;
}

export function identityOf(first: Being): Identity {
  let now = first;
  return {
    get owner() {
      return now.owner;
    },
    signer: {
      get publicKey() {
        return now.signer.publicKey;
      },
      sign: (message) => now.signer.sign(message),
    },
    become(next) {
      const before = now;
      now = next;
      return () => {
        now = before;
      };
    },
  };
}
