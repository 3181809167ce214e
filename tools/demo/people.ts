/**
 * The organisation of the demo data: a company that does not exist, with people who do not exist. Telephone
 * numbers are those set aside for fiction (Bundesnetzagentur: 0221 4710 xxx; Ofcom: 0161 496 0xxx).
 */
import { createHash } from 'node:crypto';
import { signerFromSeed } from '../../platform/crypto.ts';
import type { OrgRole } from '../../shared/domain/people.ts';
import type { DeviceId, TenantId, UserId } from '../../shared/ids.ts';
import type { Signer } from '../../shared/sync/crypto.ts';

export type PersonKey = 'intake' | 'kessler' | 'okafor' | 'reviewer' | 'hr';

export interface DemoPerson {
  readonly key: PersonKey;
  readonly id: UserId;
  readonly name: string;
  readonly role: OrgRole;
  /** The laptop on which the person wrote the demo history. */
  readonly device: { readonly id: DeviceId; readonly label: string };
}

// Brands exist only in the type system; the texts are UUIDs of version 7.
const fixedId = <T extends string>(kind: string, n: number): T =>
  `0199a0de-${kind}-7000-8000-${String(n).padStart(12, '0')}` as unknown as T;

export const demoTenant = {
  id: fixedId<TenantId>('0001', 1),
  name: 'Rheinbrück Werke AG',
  emergency: [
    { label: 'Polizei · Police (DE)', number: '110' },
    { label: 'Feuerwehr, Rettung · Fire, ambulance (DE)', number: '112' },
    { label: 'Werkschutz Bonn, Köln, Leipzig', number: '0221 4710 110' },
    { label: 'Police, fire, ambulance (UK)', number: '999' },
    { label: 'Site security Manchester', number: '0161 496 0110' },
  ],
} as const;

function person(
  key: PersonKey,
  n: number,
  rest: { name: string; role: OrgRole; laptop: string },
): DemoPerson {
  return {
    key,
    id: fixedId<UserId>('0002', n),
    name: rest.name,
    role: rest.role,
    device: { id: fixedId<DeviceId>('0003', n), label: rest.laptop },
  };
}

export const demoPeople = {
  intake: person('intake', 1, { name: 'Jana Albrecht', role: 'intake', laptop: 'Laptop 11' }),
  kessler: person('kessler', 2, { name: 'Miriam Kessler', role: 'specialist', laptop: 'Laptop 17' }),
  okafor: person('okafor', 3, { name: 'Daniel Okafor', role: 'specialist', laptop: 'Laptop 22' }),
  reviewer: person('reviewer', 4, { name: 'Thomas Reinhardt', role: 'reviewer', laptop: 'Laptop 25' }),
  hr: person('hr', 5, { name: 'Sofia Marques', role: 'member', laptop: 'Laptop 31' }),
} as const satisfies Readonly<Record<PersonKey, DemoPerson>>;

/**
 * The key of a demo laptop. It follows from the person, so that the demo history is the same on every machine;
 * anybody can compute it, and it must never be enrolled anywhere but in a demo tenant.
 */
export function demoSigner(key: PersonKey): Signer {
  return signerFromSeed(createHash('sha256').update(`tma demo laptop of ${key}`).digest());
}
