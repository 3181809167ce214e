/**
 * The only way from the laptop to the network (S01, E08): TLS 1.3 to one host and port, with a certificate from
 * one authority and no other, neither the system's nor one from the environment.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, type DetailedPeerCertificate, type PeerCertificate } from 'node:tls';
import type { Pins } from './pinning.ts';

export interface AgentAddress {
  readonly host: string;
  readonly port: number;
  /** The only authority, PEM. */
  readonly caPem: string;
  /** What is pinned at the moment of each handshake; one key of the chain has to be among them. */
  readonly pins: () => Pins;
}

/** An agent that connects nowhere else, whatever address a request names. */
export class ServiceAgent extends Agent {
  readonly #address: AgentAddress;
  #chain: readonly string[] = [];

  constructor(address: AgentAddress) {
    super({
      ...agentOptions(address),
      checkServerIdentity: (host, certificate) => {
        const chain = pinsOfChain(certificate as DetailedPeerCertificate); // Node hands in the whole chain here
        const wrong = checkIdentity(host, certificate, { chain, pins: address.pins() });
        if (wrong === undefined) this.#chain = chain;
        return wrong;
      },
    });
    this.#address = address;
  }

  /** The public keys of the latest accepted chain, as pins; empty before the first. */
  chain(): readonly string[] {
    return this.#chain;
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    if (!isAllowed(options, this.#address)) throw new HostRefusedError();
    return super.createConnection(options, callback);
  }
}

/** A request for another host than the service's; it means that a program was changed, not that a net is bad. */
export class HostRefusedError extends Error {
  override readonly name = 'HostRefusedError';
  readonly code = 'ERR_TMA_HOST';
}

function agentOptions(address: AgentAddress): AgentOptions {
  return {
    ca: address.caPem,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    // A resumed session skips checkServerIdentity, and with it the pins.
    maxCachedSessions: 0,
    keepAlive: true,
    maxSockets: 4,
  };
}

function isAllowed(options: RequestOptions, address: AgentAddress): boolean {
  return options.host === address.host && Number(options.port) === address.port;
}

/** Node's own check of the name first, then the pins. Returns what is wrong, or `undefined`. */
export function checkIdentity(
  host: string,
  certificate: PeerCertificate,
  { chain, pins }: { readonly chain: readonly string[]; readonly pins: Pins },
): Error | undefined {
  const wrong = checkServerIdentity(host, certificate);
  if (wrong !== undefined || pins === null) return wrong;
  if (pins === 'expired') return refusal('ERR_TMA_PINS_EXPIRED', 'every set of pins is past its end');
  if (chain.some((pin) => pins.includes(pin))) return undefined;
  return refusal('ERR_TMA_PIN', 'no public key of the chain is pinned');
}

/** SHA-256 of a certificate's public key (SPKI), base64. */
export function pinOf(certificateDer: Uint8Array): string {
  const spki = new X509Certificate(certificateDer).publicKey.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(spki).digest('base64');
}

function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function pinsOfChain(leaf: DetailedPeerCertificate): readonly string[] {
  return chainOf(leaf).map(pinOf);
}

function chainOf(leaf: DetailedPeerCertificate): readonly Buffer[] {
  const chain: Buffer[] = [];
  let link: DetailedPeerCertificate | undefined = leaf;
  while (link?.raw !== undefined && !chain.some((known) => known.equals(link?.raw ?? known))) {
    chain.push(link.raw);
    link = link.issuerCertificate;
  }
  return chain;
}
