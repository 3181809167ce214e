/**
 * The bill of materials of the image, CycloneDX 1.6 (ECMA-424): Node and the packages that are inside the bundle,
 * each with its version, its licence and the hash by which the lockfile knows it. `npm sbom` would list every package
 * of the project, the window's and the tools' too, so the list comes from the bundler instead.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const lockSchema = z.object({
  version: z.string(),
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});
const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]).optional(),
  licenses: z.array(z.object({ type: z.string() })).optional(),
});

export interface Component {
  readonly type: 'library' | 'platform';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly (
    | { readonly license: { readonly id: string } }
    | { readonly expression: string }
  )[];
  readonly hashes?: readonly { readonly alg: 'SHA-512'; readonly content: string }[];
}

export interface Bill {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: {
    readonly component: {
      readonly type: 'container';
      readonly 'bom-ref': string;
      readonly name: string;
      readonly version: string;
    };
  };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** Licences under which a package may be in the image: permissive ones, which ask for a notice and no more. */
export const allowedLicences: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

/**
 * @param places folders of the packages, like `node_modules/pg`, from the root of the project
 * @throws {Error} naming every package without a licence that is allowed.
 */
export function makeBill(root: string, places: readonly string[], nodeVersion: string): Bill {
  const lock = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const packages = places.map((place) => describe(root, place, lock.packages[place]?.integrity));
  const wrong = packages.filter(({ licence }) => !isAllowed(licence));
  if (wrong.length > 0) {
    const named = wrong.map(({ component, licence }) => `${component.purl} (${licence ?? 'none'})`);
    throw new Error(`These licences are not on the list of tools/image/bill.ts: ${named.join(', ')}.`);
  }
  const components = [nodeItself(nodeVersion), ...packages.map(({ component }) => component)];
  const own = `tma-service@${lock.version}`;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialOf(components),
    version: 1,
    metadata: {
      component: { type: 'container', 'bom-ref': own, name: 'tma-service', version: lock.version },
    },
    components,
    dependencies: [{ ref: own, dependsOn: components.map((component) => component['bom-ref']) }],
  };
}

function describe(root: string, place: string, integrity: string | undefined) {
  const stated = packageSchema.parse(JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8')));
  const licence = stated.license ?? stated.licenses?.map(({ type }) => type).join(' OR ');
  const purl = `pkg:npm/${stated.name.replace('@', '%40')}@${stated.version}`;
  const sha512 = /^sha512-(.+)$/.exec(integrity ?? '')?.[1];
  const component: Component = {
    type: 'library',
    'bom-ref': `${purl}#${place}`,
    name: stated.name,
    version: stated.version,
    purl,
    licenses: licence === undefined ? [] : [spdx(licence)],
    ...(sha512 === undefined
      ? {}
      : { hashes: [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }] }),
  };
  return { component, licence };
}

const spdx = (licence: string) =>
  /[ ()]/.test(licence) ? { expression: licence } : { license: { id: licence } };

/** `A OR B` is allowed when one is, `A AND B` when both are. */
export function isAllowed(licence: string | undefined): boolean {
  if (licence === undefined) return false;
  const choices = licence.replace(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((one) => allowedLicences.has(one.trim())));
}

function nodeItself(version: string): Component {
  const purl = `pkg:generic/node@${version}`;
  return {
    type: 'platform',
    'bom-ref': purl,
    name: 'node',
    version,
    purl,
    licenses: [{ license: { id: 'MIT' } }],
  };
}

/** The same content gives the same number, so that the same image is built twice from the same sources. */
function serialOf(components: readonly Component[]): string {
  const hex = createHash('sha256').update(JSON.stringify(components)).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The licence texts the packages come with, which their licences ask to be passed on. */
export function notices(root: string, places: readonly string[]): string {
  return places
    .flatMap((place) => {
      const files = readdirSync(join(root, place)).filter((name) =>
        /^(licen[cs]e|notice|copying)/i.test(name),
      );
      const texts = files.map((name) => readFileSync(join(root, place, name), 'utf8').trim());
      return texts.length === 0 ? [] : [`${place.slice('node_modules/'.length)}\n\n${texts.join('\n\n')}`];
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}
