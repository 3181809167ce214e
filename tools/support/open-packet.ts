/** Opens sealed packets with the organisation's private key, on a machine without a network. */

import { nodeCrypto } from '../../platform/crypto.ts';
import { openBox } from '../../platform/sealedBox.ts';
import {
  type ChangeFields,
  type ChangeHead,
  readFields,
  readHead,
  withhold,
} from '../../shared/sync/change.ts';
import { type PacketAbout, packetContentSchema, readPacket } from '../../shared/sync/packet.ts';
import { ToolError } from './tool-error.ts';

export interface OpenedPacket {
  readonly about: PacketAbout;
  readonly changes: readonly {
    readonly n: number;
    readonly head: ChangeHead;
    readonly fields: ChangeFields;
  }[];
}

/**
 * What was sealed, each change checked against the hash in the device's signed chain.
 * @throws {ToolError} when the key is not the packet's, or the packet was altered.
 */
export function readPacketContent(text: string, privateKey: Uint8Array): OpenedPacket {
  const { about, associated, box } = readPacket(text);
  const plain = openBox(box, privateKey, associated);
  if (plain === undefined) {
    throw new ToolError(
      `This is not the key the packet was sealed to (${box.recipient.keyId}), or it was altered.`,
    );
  }
  const content = packetContentSchema.parse(JSON.parse(new TextDecoder().decode(plain)));
  const { from, changes } = about.segment;
  return {
    about,
    changes: content.map(({ n, payload, salt }) => {
      const withheld = changes[n - from];
      const { payloadHash: hash } = withhold({ head: '', payload, salt }, nodeCrypto);
      if (withheld?.payloadHash !== hash) throw new ToolError(`Change ${n} is not the one that was signed.`);
      return { n, head: readHead(withheld.head), fields: readFields(payload) };
    }),
  };
}

/** For a person to read and, where it is to count, to write down again as an edit of their own. */
export function tellPacket({ about, changes }: OpenedPacket): string {
  const lines = changes.map(({ n, head, fields }) => {
    const values = Object.entries(fields).map(([name, { value }]) => `    ${name}: ${JSON.stringify(value)}`);
    return [`  ${n}. ${head.op} ${head.kind} ${head.record}, ${iso(head.at[0])}`, ...values].join('\n');
  });
  return [
    `Case ${about.case}, written on device ${about.device}, sealed ${iso(about.sealedAtMs)} (${about.reason})`,
    ...lines,
  ].join('\n');
}

const iso = (ms: number) => new Date(ms).toISOString();
