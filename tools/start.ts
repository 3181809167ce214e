/** `npm start`: the central service and one laptop, with demo data. `bootstrap/usage.mjs` explains the flags. */
import { demoTenant } from './demo/people.ts';
import { runCommand } from './run/command.ts';
import { requireStartable, startHost } from './run/host.ts';
import { runIdentityProvider } from './run/identity.ts';
import { invite, preparePeople } from './run/people.ts';
import { placesIn, thisCheckout } from './run/places.ts';
import { reset } from './run/reset.ts';
import { runService } from './run/service.ts';
import { welcomeText } from './run/welcome.ts';
import { say } from './support/progress.mjs';

await runCommand('start', async (flags, lifetime) => {
  const places = placesIn(thisCheckout);
  if (flags.resets) await reset(places);
  await requireStartable({ places, flags });
  const service = await runService({ places, flags, lifetime });
  await preparePeople(places, service, flags.loadsDemo);
  await runIdentityProvider(places, service, lifetime);
  lifetime.signal.throwIfAborted();
  const { url, caPem } = service;
  const organisation = demoTenant.id;
  const shown = await startHost({ places, flags, service: { url, caPem, organisation }, lifetime });
  const invitations = await invite(service);
  say(welcomeText({ serviceUrl: url, laptop: { name: flags.profile, shown }, invitations }));
});
