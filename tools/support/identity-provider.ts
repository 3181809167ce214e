/**
 * An organisation's identity provider on this machine, for tests and for trying the product: `oidc-provider` with a
 * sign-in page on which a person is chosen by name. It listens on 127.0.0.1 only and forgets everything when it ends.
 */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { IdentityProvider } from '../../shared/sync/identity.ts';
import { memoryAdapters } from './identity-memory.ts';
import { signInPage } from './identity-pages.ts';

export interface KnownPerson {
  /** What the provider calls the person in its tokens (`sub`). */
  readonly login: string;
  readonly name: string;
}

export interface IdentityProviderOptions {
  readonly people: readonly KnownPerson[];
  /** What a page shows as the organisation. */
  readonly organisation: string;
  /** Left out: plain http, which a laptop and a service accept from this machine only. */
  readonly tls?: { readonly certificatePem: string; readonly keyPem: string };
  /** 0 or nothing takes any free port. */
  readonly port?: number;
  readonly accessTokenSeconds?: number;
}

export interface RunningIdentityProvider {
  readonly issuer: string;
  readonly port: number;
  /** What a tenant's settings say of it; `enrolBy` and `signInEveryHours` are the tenant's to decide. */
  settings(
    decided: Pick<IdentityProvider, 'enrolBy' | 'signInEveryHours'> & Partial<IdentityProvider>,
  ): IdentityProvider;
  /** Nobody with that login can sign in any more, or renew what they have. */
  deactivate(login: string): void;
  /** Signs with a new key from now on; the old one is no longer shown. */
  rotateKeys(): Promise<void>;
  /** Answers nothing but 503 until told otherwise. */
  setDown(isDown: boolean): void;
  /** How often tokens were asked for. */
  tokenRequests(): number;
  stop(): Promise<void>;
}

const clientId = 'tma-workstation';
const audience = 'https://tma.example/exchange';
const scopes = ['openid', 'profile', 'offline_access', 'exchange'];

export async function startIdentityProvider(
  options: IdentityProviderOptions,
): Promise<RunningIdentityProvider> {
  const inactive = new Set<string>();
  let isDown = false;
  let tokenRequests = 0;
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.startsWith('/token') === true) tokenRequests += 1;
    if (isDown) response.writeHead(503).end();
    else handle(request, response);
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? createHttpServer(take)
      : createHttpsServer({ cert: tls.certificatePem, key: tls.keyPem }, take);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // it listens on a network address, as just told
  const issuer = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  const adapter = memoryAdapters();
  const begin = async (): Promise<void> => {
    const configured = configuration(options, inactive, await newKey());
    const provider = new Provider(issuer, { ...configured, adapter });
    const pages = interactions(provider, options, inactive);
    const answer = provider.callback();
    handle = (request, response) => {
      if (request.url?.startsWith('/sign-in/') === true) void pages(request, response);
      else void answer(request, response);
    };
  };
  await begin();
  return {
    issuer,
    port,
    settings: (decided) => ({ issuer, clientId, audience, resource: audience, scopes, ...decided }),
    deactivate: (login) => void inactive.add(login),
    rotateKeys: begin,
    setDown(down) {
      isDown = down;
    },
    tokenRequests: () => tokenRequests,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

let madeKeys = 0;

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  madeKeys += 1;
  return { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: `key-${madeKeys}` };
}

function configuration(
  { people, accessTokenSeconds = 600 }: IdentityProviderOptions,
  inactive: ReadonlySet<string>,
  key: JWK,
): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        application_type: 'native',
        // A native client's loopback port is its own to choose (RFC 8252, 7.3).
        redirect_uris: ['http://127.0.0.1/callback'],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [key] },
    scopes,
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    findAccount(_ctx, login) {
      const person = people.find((known) => known.login === login);
      if (person === undefined || inactive.has(login)) return undefined;
      return { accountId: login, claims: async () => ({ sub: login, name: person.name }) };
    },
    features: {
      devInteractions: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'exchange',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: accessTokenSeconds,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    loadExistingGrant: grantEverything,
    cookies: { keys: ['for this machine only'] },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      Interaction: 600,
      Session: 3_600,
      Grant: 86_400,
      RefreshToken: 86_400,
      IdToken: 600,
    },
    renderError(ctx, out) {
      ctx.type = 'text/plain';
      ctx.body = `${out.error}: ${out.error_description ?? ''}\n`;
    },
  };
}

/** The organisation's own client needs nobody's consent. */
async function grantEverything(ctx: KoaContextWithOIDC) {
  const { provider, client, session } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(scopes.join(' '));
  grant.addResourceScope(audience, 'exchange');
  await grant.save();
  return grant;
}

function interactions(
  provider: Provider,
  { people, organisation }: IdentityProviderOptions,
  inactive: ReadonlySet<string>,
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const { uid, prompt } = await provider.interactionDetails(request, response);
      if (prompt.name === 'consent') {
        // Asked of every native client; the organisation's own has its consent (`grantEverything`).
        await provider.interactionFinished(request, response, { consent: {} });
        return;
      }
      if (request.method !== 'POST') {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
        response.end(signInPage({ uid, organisation, people }));
        return;
      }
      const login = new URLSearchParams(await bodyOf(request)).get('login') ?? '';
      const isKnown = people.some((person) => person.login === login) && !inactive.has(login);
      const result = isKnown
        ? { login: { accountId: login } }
        : { error: 'access_denied', error_description: 'the account is closed' };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } catch {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('This sign-in is over.\n');
    }
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer); // a stream without an encoding gives buffers
  return Buffer.concat(parts).toString('utf8');
}
