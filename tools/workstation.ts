/** `npm run workstation`: one more laptop beside a service that runs. `bootstrap/usage.mjs` explains the flags. */
import { demoTenant } from './demo/people.ts';
import { runCommand } from './run/command.ts';
import { requireStartable, startHost } from './run/host.ts';
import { invite } from './run/people.ts';
import { placesIn, thisCheckout } from './run/places.ts';
import { findService } from './run/service.ts';
import { welcomeText } from './run/welcome.ts';
import { say } from './support/progress.mjs';

await runCommand('workstation', async (flags, lifetime) => {
  const places = placesIn(thisCheckout);
  await requireStartable({ places, flags });
  const service = await findService(places);
  const { url, caPem } = service;
  const shown = await startHost({
    places,
    flags,
    service: { url, caPem, organisation: demoTenant.id },
    lifetime,
  });
  const invitations = await invite(service);
  say(welcomeText({ serviceUrl: url, laptop: { name: flags.profile, shown }, invitations }));
});
