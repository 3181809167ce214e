/**
 * `npm run escrow`: the organisation's recovery key, on a machine without a network.
 *
 * Without a command it makes one. The public half goes into the settings of the organisation (`server/admin/cli.ts
 * set-escrow`); the private half is printed once, kept on paper in a safe, and typed in at a laptop whose passphrase
 * was forgotten, or here, to open edits that a laptop sealed when access to a case had ended:
 *
 *   node server/admin/cli.ts list-packets --tenant ID
 *   node server/admin/cli.ts export-packet --tenant ID --packet ID > packet.json
 *   npm run escrow -- open packet.json < private-key.txt
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fromBase64Url, toBase64Url } from '../shared/bytes.ts';
import { readPacketContent, tellPacket } from './support/open-packet.ts';
import { say } from './support/progress.mjs';
import { messageOf, ToolError } from './support/tool-error.ts';

function makeKey(): string {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const jwk = privateKey.export({ format: 'jwk' });
  const open = String(publicKey.export({ format: 'jwk' }).x);
  const keyId = toBase64Url(createHash('sha256').update(Buffer.from(open, 'base64url')).digest()).slice(
    0,
    12,
  );
  return `Public half, for the settings of the organisation:
  --key-id ${keyId} --public-key ${open}

Private half, for the safe. It is shown only now; nobody can make it again:
  ${String(jwk.d)}`;
}

async function open(file: string): Promise<string> {
  const key = fromBase64Url((await text(process.stdin)).replace(/\s/g, ''));
  if (key?.length !== 32) throw new ToolError('The private key is expected on the standard input.');
  try {
    return tellPacket(readPacketContent(readFileSync(file, 'utf8').trim(), key));
  } finally {
    key.fill(0);
  }
}

async function run([command, file]: readonly string[]): Promise<string> {
  if (command === undefined) return makeKey();
  if (command === 'open' && file !== undefined) return open(file);
  throw new ToolError('npm run escrow [-- open PACKET < PRIVATE-KEY]');
}

try {
  say(await run(process.argv.slice(2)));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 2;
}
