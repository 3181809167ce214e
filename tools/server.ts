/** `npm run server`: the central service alone. `bootstrap/usage.mjs` explains the flags. */
import { runCommand } from './run/command.ts';
import { runIdentityProvider } from './run/identity.ts';
import { invite, preparePeople } from './run/people.ts';
import { placesIn, thisCheckout } from './run/places.ts';
import { reset } from './run/reset.ts';
import { runService } from './run/service.ts';
import { welcomeText } from './run/welcome.ts';
import { say } from './support/progress.mjs';
import { ToolError } from './support/tool-error.ts';

await runCommand('server', async (flags, lifetime) => {
  const places = placesIn(thisCheckout);
  if (flags.resets) await reset(places);
  const service = await runService({ places, flags, lifetime, logsToTerminal: true });
  if (service.own === undefined) throw new ToolError(`The central service already runs at ${service.url}.`);
  await preparePeople(places, service, flags.loadsDemo);
  await runIdentityProvider(places, service, lifetime);
  say(welcomeText({ serviceUrl: service.url, invitations: await invite(service) }));
});
