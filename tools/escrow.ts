/**
 * `npm run escrow`: makes the organisation's recovery key, on a machine without a network. The public half goes into
 * the settings of the organisation (`server/admin/cli.ts set-escrow`); the private half is printed once, kept on
 * paper in a safe, and typed in at a laptop whose passphrase was forgotten.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { toBase64Url } from '../shared/bytes.ts';
import { say } from './support/progress.mjs';

const { publicKey, privateKey } = generateKeyPairSync('x25519');
const jwk = privateKey.export({ format: 'jwk' });
const open = String(publicKey.export({ format: 'jwk' }).x);
const keyId = toBase64Url(createHash('sha256').update(Buffer.from(open, 'base64url')).digest()).slice(0, 12);

say(`Public half, for the settings of the organisation:
  --key-id ${keyId} --public-key ${open}

Private half, for the safe. It is shown only now; nobody can make it again:
  ${String(jwk.d)}`);
