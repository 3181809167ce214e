/**
 * The control channel between a host (Electron's main process, the preview host) and the case process. It
 * carries what is not case data: configuration, the device secret, power events, the end of the process.
 * Calls of the renderer travel on data ports; a host that cannot hand a real port over (Node's child
 * processes) carries their messages here, wrapped in `port-message`, without looking inside.
 */
import { z } from 'zod';
import { errorShapeSchema } from '../../../shared/errors.ts';
import { caseIdSchema, tenantIdSchema } from '../../../shared/ids.ts';
import { pinningSchema } from '../../../shared/sync/pins.ts';

export const lockReasonSchema = z.enum(['user', 'idle', 'screen-lock', 'suspend', 'user-switch', 'policy']);
export type LockReason = z.infer<typeof lockReasonSchema>;

/** Why this case process was started; a crash is explained to the person, a lock is not news. */
export const startReasonSchema = z.enum(['start', 'locked', 'crashed']);

export const coreConfigSchema = z.strictObject({
  /** Folder of this laptop profile: vault, device settings. Absolute. */
  profileDir: z.string().min(1),
  service: z.strictObject({
    /** Base address of the central service, https. */
    url: z.url({ protocol: /^https$/ }),
    /** The only authority the service's certificate may come from, PEM. */
    caPem: z.string().min(1),
    /** S01: left out where the authority alone decides, as in development. */
    pinning: pinningSchema.optional(),
    /** S02: whose laptop it is going to be, where the installation knows: it then offers to sign in. */
    organisation: tenantIdSchema.optional(),
  }),
  /** Version of the program, as in package.json. */
  programVersion: z.string().min(1),
  driver: z.enum(['auto', 'sqlcipher', 'multiple-ciphers']),
  startReason: startReasonSchema,
  /** Why the process before this one locked; null after a start or a crash. */
  lockReason: lockReasonSchema.nullable(),
  /** Cheaper key derivation for tests; a packaged host never sends it. */
  testKdf: z
    .strictObject({
      memoryKiB: z.number().int().positive(),
      passes: z.number().int().positive(),
      lanes: z.number().int().positive(),
    })
    .optional(),
});
export type CoreConfig = z.infer<typeof coreConfigSchema>;

/**
 * Where a file that leaves the vault goes: a file the person named in a dialog of the system, or a pipe to the
 * host that hands it on (the preview host, to its browser).
 */
export const filePlaceSchema = z.strictObject({
  type: z.enum(['file', 'pipe']),
  path: z.string().min(1).max(4_096),
});
export type FilePlace = z.infer<typeof filePlaceSchema>;

/** What became of an address: opened after asking, not opened, or left to the person to open. */
export const browserOutcomeSchema = z.enum(['opened', 'refused', 'shown']);
export type BrowserOutcome = z.infer<typeof browserOutcomeSchema>;

const portId = z.number().int().nonnegative();
const secretName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,127}$/);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

export const hostToCoreSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('init'), config: coreConfigSchema, secretBackend: z.string() }),
  z.strictObject({ type: z.literal('secret-answer'), id: portId, value: bytes.nullable() }),
  z.strictObject({ type: z.literal('secret-refused'), id: portId, error: errorShapeSchema }),
  /** The answer to `file-place-wanted`; null when the person thought better of it. */
  z.strictObject({ type: z.literal('file-place'), id: portId, place: filePlaceSchema.nullable() }),
  z.strictObject({ type: z.literal('browser-answer'), id: portId, outcome: browserOutcomeSchema }),
  z.strictObject({ type: z.literal('lock'), reason: lockReasonSchema }),
  z.strictObject({ type: z.literal('shutdown') }),
  /** E16: a link from outside that names a case by its opaque id. */
  z.strictObject({ type: z.literal('open-case'), caseId: caseIdSchema }),
  z.strictObject({ type: z.literal('port-open'), port: portId }),
  z.strictObject({ type: z.literal('port-message'), port: portId, data: z.unknown() }),
  z.strictObject({ type: z.literal('port-close'), port: portId }),
]);
export type HostToCore = z.infer<typeof hostToCoreSchema>;

export const coreToHostSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  /** The core could not be built; the process ends by itself. */
  z.strictObject({ type: z.literal('failed'), error: errorShapeSchema }),
  z.strictObject({ type: z.literal('secret-get'), id: portId, name: secretName }),
  z.strictObject({ type: z.literal('secret-set'), id: portId, name: secretName, value: bytes }),
  z.strictObject({ type: z.literal('secret-delete'), id: portId, name: secretName }),
  /** The vault is being closed and the process ends next, however it ends. */
  z.strictObject({ type: z.literal('locking'), reason: lockReasonSchema }),
  /** Whether case data is reachable: a host drops deep links and skips needless locks while it is not. */
  z.strictObject({ type: z.literal('unlocked') }),
  /** E14: text for the clipboard. The one piece of case data a host is handed, and it does not keep it. */
  z.strictObject({ type: z.literal('copy'), text: z.string().min(1).max(100_000) }),
  /** A file is to leave the vault, and the person says where to. The host learns its name and size only. */
  z.strictObject({
    type: z.literal('file-place-wanted'),
    id: portId,
    name: z.string().min(1).max(200),
    /** Null where it is not known beforehand. */
    sizeBytes: z.number().int().nonnegative().nullable(),
  }),
  /** S02: the page on which a person signs in with the organisation. */
  z.strictObject({
    type: z.literal('open-in-browser'),
    id: portId,
    url: z.url({ protocol: /^https?$/ }).max(8_000),
  }),
  /** E13: something came from colleagues. Nothing more is said, so that nothing more can be shown. */
  z.strictObject({ type: z.literal('news') }),
  /** Something unexpected happened. Class and places in the program only: messages may hold case data (E15). */
  z.strictObject({
    type: z.literal('defect'),
    name: z.string().max(80),
    places: z.array(z.string()).max(20),
  }),
  z.strictObject({ type: z.literal('port-message'), port: portId, data: z.unknown() }),
]);
export type CoreToHost = z.infer<typeof coreToHostSchema>;
export type Defect = Omit<Extract<CoreToHost, { type: 'defect' }>, 'type'>;
export type PlaceRequest = Omit<Extract<CoreToHost, { type: 'file-place-wanted' }>, 'type' | 'id'>;
export type SecretRequest = Extract<CoreToHost, { type: 'secret-get' | 'secret-set' | 'secret-delete' }>;

/** How a host keeps small secrets outside the vault: Electron's `safeStorage`, the preview host's file. */
export interface SecretStore {
  /** Name of the keystore behind it, kept so that a change of it can be explained. */
  readonly backend: string;
  /** The secret's bytes, or null where none is kept. Throws `vault.secret-missing` if the keystore refuses. */
  get(name: string): Promise<Uint8Array | null>;
  set(name: string, value: Uint8Array): Promise<void>;
  delete(name: string): Promise<void>;
}

/** One renderer's line to the core. */
export interface DataPort {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}
