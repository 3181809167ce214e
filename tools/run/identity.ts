/** The demo organisation's identity provider on this machine, so that signing in with it can be tried. */
import { join } from 'node:path';
import { demoPeople, demoTenant } from '../demo/people.ts';
import { startIdentityProvider } from '../support/identity-provider.ts';
import { rememberedPort } from '../support/ports.ts';
import { step } from '../support/progress.mjs';
import type { Lifetime } from './lifetime.ts';
import type { Places } from './places.ts';
import type { RunningService } from './service.ts';

/** Only beside a service of our own: whoever started the service has started the provider with it. */
export async function runIdentityProvider(
  places: Places,
  { own }: RunningService,
  lifetime: Lifetime,
): Promise<void> {
  if (own === undefined) return;
  const people = Object.values(demoPeople).map(({ key, name }) => ({ login: key, name }));
  const provider = await step('Starting the identity provider of the demo organisation', async () =>
    startIdentityProvider({
      ...{ people, organisation: demoTenant.name },
      port: await rememberedPort(join(places.service, 'identity-port')),
    }),
  );
  await lifetime.started('the identity provider', provider.stop);
  const settings = provider.settings({ enrolBy: 'either', signInEveryHours: null });
  await own.admin.changeSettings(demoTenant.id, { identity: { userClaim: 'sub', ...settings } });
  for (const { id, key } of Object.values(demoPeople)) await own.admin.setLogin(demoTenant.id, id, key);
}
