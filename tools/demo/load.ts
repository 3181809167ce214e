/**
 * Puts the demo organisation and its cases into a running service, through the same door as a push: every change
 * is checked, numbered and merged like one from a laptop. Everything can be done again: what is there stays.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { sqlState } from '../../server/db/connect.ts';
import type { Service } from '../../server/start.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import type { Segment } from '../../shared/sync/segment.ts';
import type { SegmentOutcome } from '../../shared/sync/wire.ts';
import { systemCode } from '../support/tool-error.ts';
import { type DemoSegment, demoFiles, demoSegments } from './data.ts';
import type { SealedFile } from './files.ts';
import { type DemoPerson, demoPeople, demoSigner, demoTenant, type PersonKey } from './people.ts';

export interface DemoProgress {
  readonly done: number;
  readonly total: number;
}

export interface DemoLoaded {
  readonly cases: number;
  readonly changes: number;
}

export type DemoService = Pick<Service, 'admin' | 'ingest' | 'putPart'>;

const everyone: readonly DemoPerson[] = Object.values(demoPeople);

/** The demo tenant with its emergency numbers and its five people, without any case. */
export async function ensureDemoOrganisation({ admin }: Pick<Service, 'admin'>): Promise<void> {
  const { id: tenant, name, emergency } = demoTenant;
  await unlessThere(admin.createTenant({ id: tenant, name, settings: { emergency: [...emergency] } }));
  for (const { id, name, role } of everyone) await unlessThere(admin.createUser({ tenant, id, name, role }));
}

/**
 * Loads the demo cases unless they were loaded before. `stateFile` keeps the moment they were made for, so that
 * a load that was broken off goes on with the same bytes.
 * @returns what was loaded now, or `undefined` when everything was there.
 */
export async function loadDemoOnce(
  service: DemoService,
  options: {
    readonly stateFile: string;
    readonly nowMs: number;
    readonly onProgress?: (progress: DemoProgress) => void;
  },
): Promise<DemoLoaded | undefined> {
  const { stateFile, onProgress } = options;
  const before = await readState(stateFile);
  if (before?.isLoaded === true) return undefined;
  const nowMs = before?.nowMs ?? options.nowMs;
  await writeState(stateFile, { nowMs, isLoaded: false });
  const loaded = await loadDemo(service, { nowMs, ...(onProgress === undefined ? {} : { onProgress }) });
  await writeState(stateFile, { nowMs, isLoaded: true });
  return loaded;
}

/** Throws when the service does not take a change: then the demo data and the product contradict each other. */
export async function loadDemo(
  service: DemoService,
  { nowMs, onProgress }: { readonly nowMs: number; readonly onProgress?: (progress: DemoProgress) => void },
): Promise<DemoLoaded> {
  await ensureDemoOrganisation(service);
  await ensureDevices(service);
  const segments = demoSegments({ nowMs });
  const total = segments.reduce((sum, { segment }) => sum + segment.changes.length, 0);
  let done = 0;
  // One after the other: each may build on all that came before it in its case.
  for (const demo of segments) {
    await handIn(service, demo);
    done += demo.segment.changes.length;
    onProgress?.({ done, total });
  }
  for (const file of demoFiles({ nowMs })) await store(service, file);
  return { cases: new Set(segments.map(({ segment }) => segment.case)).size, changes: total };
}

async function ensureDevices({ admin }: Pick<Service, 'admin'>): Promise<void> {
  for (const { key, id: user, device } of everyone) {
    const publicKey = toBase64Url(demoSigner(key).publicKey);
    await unlessThere(admin.registerDevice({ tenant: demoTenant.id, user, ...device, publicKey }));
  }
}

async function handIn({ ingest }: DemoService, { by, segment }: DemoSegment): Promise<void> {
  const [outcome] = await ingest(submitter(by), [segment]);
  const problem = outcome === undefined ? 'no answer' : problemOf(outcome);
  if (problem !== undefined)
    throw new Error(`The service refused demo data of ${by}: ${problem}\n${headsOf(segment)}`);
}

/** A service that was given no place for attachments has the cases without them. */
async function store({ putPart }: DemoService, { by, content, bytes }: SealedFile): Promise<void> {
  try {
    await putPart(submitter(by), { blob: content.blob, part: 0, bytes });
  } catch (error) {
    if (!(error instanceof TmaError && error.code === 'blob.no-store')) throw error;
  }
}

function submitter(key: PersonKey): Parameters<Service['ingest']>[0] {
  const { id: user, role, device } = demoPeople[key];
  return { tenant: demoTenant.id, user, role, device: device.id, deviceKey: demoSigner(key).publicKey };
}

function problemOf(outcome: SegmentOutcome): string | undefined {
  if (outcome.outcome === 'refused') return outcome.code;
  const bad = outcome.changes.find((change) => change.outcome === 'quarantined');
  return bad && `change ${bad.n}: ${bad.code ?? 'quarantined'}`;
}

/** Demo data is nobody's secret: the whole segment may be shown. */
function headsOf({ changes }: Segment): string {
  return changes.map(({ head, payload }) => `${head} ${payload}`).join('\n');
}

const uniqueViolation = '23505';

async function unlessThere(making: Promise<unknown>): Promise<void> {
  try {
    await making;
  } catch (error) {
    if (sqlState(error) !== uniqueViolation) throw error;
  }
}

const stateSchema = z.strictObject({ nowMs: z.number(), isLoaded: z.boolean() });
type State = z.infer<typeof stateSchema>;

/** Throws for a file that is not ours: loading again with another moment would make every case twice. */
async function readState(file: string): Promise<State | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : stateSchema.parse(JSON.parse(text));
}

/** Whole or not at all, also when the power goes off. */
async function writeState(file: string, state: State): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(state), { flush: true });
  await rename(`${file}.new`, file);
}
