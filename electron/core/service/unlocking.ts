/** The service as a laptop speaks to it whose vault is closed: with its unlock key, for one question. */
import { nodeCrypto } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import { TmaError } from '../../../shared/errors.ts';
import {
  makeUnlockProof,
  releaseAnswerSchema,
  sharePath,
  unlockProofHeader,
} from '../../../shared/sync/unlock.ts';
import type { CreateUnlockService } from '../sync/engine.types.ts';
import { systemTimers } from './enrolment.ts';
import { createPinKeeper } from './pinning.ts';
import { createTransport } from './transport.ts';

/** A person waits with their passphrase typed. */
const silenceMs = 10_000;

export const createUnlockService: CreateUnlockService = (address) => ({
  async release(signer, body) {
    const pins = createPinKeeper({
      ...{ installed: address.pinning, crypto: nodeCrypto },
      nowMs: systemTimers.nowMs,
    });
    const transport = createTransport({ address, timers: systemTimers, program: 'unlocking', pins });
    const path = new URL(address.url).pathname.replace(/\/$/, '') + sharePath;
    const ask = () =>
      transport.post({
        ...{ path: sharePath, body, answer: releaseAnswerSchema, silenceMs },
        headersFor: (sent) => {
          const claims = {
            key: toBase64Url(signer.publicKey),
            method: 'POST',
            path,
            nonce: transport.nonce(),
            id: toBase64Url(nodeCrypto.randomBytes(16)),
            body: toBase64Url(nodeCrypto.sha256(sent)),
          } as const;
          return { [unlockProofHeader]: makeUnlockProof(claims, signer) };
        },
      });
    try {
      // The first question brings the nonce.
      return await ask().catch((thrown: unknown) => {
        if (!(thrown instanceof TmaError) || thrown.code !== 'auth.nonce-stale') throw thrown;
        return ask();
      });
    } finally {
      transport.close();
    }
  },
});
