/** The people of the demo organisation on this machine, and one-time codes with which they set up a laptop. */
import { join } from 'node:path';
import { ensureDemoOrganisation, loadDemoOnce } from '../demo/load.ts';
import { demoPeople, demoTenant } from '../demo/people.ts';
import { say, step } from '../support/progress.mjs';
import { withAdmin } from './admin.ts';
import type { Places } from './places.ts';
import type { RunningService } from './service.ts';

/** Makes sure the organisation is there, with its cases or without. */
export async function preparePeople(
  places: Places,
  service: RunningService,
  loadsDemo: boolean,
): Promise<void> {
  const { own } = service;
  // Whoever started the service has done it.
  if (own === undefined) return;
  if (!loadsDemo) return ensureDemoOrganisation(own);
  const stateFile = join(places.service, 'demo.json');
  const load = (news: (text: string) => void) =>
    loadDemoOnce(own, {
      stateFile,
      nowMs: Date.now(),
      onProgress: ({ done, total }) => news(`${done} of ${total} changes`),
    });
  const loaded = await step('Loading demo data where it is missing', load);
  if (loaded !== undefined) say(`    ${loaded.cases} cases, ${loaded.changes} changes`);
}

export interface Invitation {
  readonly name: string;
  readonly role: string;
  /** Works once. */
  readonly code: string;
}

const roleNames: Readonly<Record<string, string>> = {
  intake: 'intake: triages reports',
  specialist: 'specialist: leads cases',
  reviewer: 'reviewer',
  member: 'human resources: on the team of some cases',
};

/** New codes for everybody; those printed before and not used stay good until they expire. */
export function invite(service: RunningService): Promise<readonly Invitation[]> {
  return withAdmin(service, async (admin) => {
    const invitations: Invitation[] = [];
    for (const { id, name, role } of Object.values(demoPeople)) {
      const { code } = await admin.mintCode({ tenant: demoTenant.id, user: id });
      invitations.push({ name, role: roleNames[role] ?? role, code });
    }
    return invitations.toSorted(
      (a, b) => Number(b.role.startsWith('spec')) - Number(a.role.startsWith('spec')),
    );
  });
}
