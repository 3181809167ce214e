/**
 * One laptop of a run: the client core itself on a real vault file, its line, its clock, its power. A crash leaves
 * the files as they are at that moment, and the next start opens a copy of them.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Swept, sweepAttachments, takingFilesAlong } from '../../electron/core/evidence/sweep.ts';
import type { RunLimits } from '../../electron/core/storage/logPort.ts';
import { type Owner, writeMeta } from '../../electron/core/storage/meta.ts';
import { type Laptop as Core, type LaptopOptions, openLaptop } from '../../electron/core/storage/testing.ts';
import { createRounds, type Rounds } from '../../electron/core/sync/rounds.ts';
import { createBell } from '../../electron/core/sync/waiting.ts';
import { folderOf } from '../../electron/core/vault/attachments/folder.ts';
import { sealedFiles } from '../../electron/core/vault/attachments/sealedFiles.ts';
import { attachmentStore } from '../../electron/core/vault/attachments/store.ts';
import { multipleCiphersDriver } from '../../electron/core/vault/drivers/multipleCiphers.ts';
import { nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { fromBase64Url } from '../../shared/bytes.ts';
import { type ErrorCode, toTmaError } from '../../shared/errors.ts';
import type { Gather } from '../../shared/gather.ts';
import type { Signer } from '../../shared/sync/crypto.ts';
import { Crash, type Power, poweredDriver } from './gate.ts';
import { type Line, openLine } from './line.ts';
import type { Chance } from './random.ts';
import type { SimService } from './service.ts';

/** `recalled`: taken back by the service, which the laptop hears at its next contact. */
export type Fate = 'working' | 'recalled' | 'gone';

/** A new laptop as its enrolment left it. A copy finds this in the vault. */
export interface Enrolled {
  readonly owner: Owner;
  /** Key of the device, base64url. */
  readonly seed: string;
}

export interface LaptopDeps {
  readonly folder: string;
  /** An empty, migrated vault to begin with. */
  readonly template: string;
  readonly name: string;
  readonly enrolled?: Enrolled;
  readonly service: SimService;
  readonly chance: Chance;
  /** Else its service is one of before there was a witness. */
  readonly knowsWitness: boolean;
  /** How what can be sent side by side is sent, and how much at a time. */
  readonly gather: Gather;
  readonly pushLimits?: RunLimits;
  readonly nowMs: () => number;
  readonly onDefect: (thrown: unknown) => void;
}

export class SimLaptop {
  readonly name: string;
  readonly line: Line;
  fate: Fate = 'working';
  /** How far this laptop's clock is off. */
  skewMs = 0;
  /** How its last exchange ended. */
  lastError: ErrorCode | undefined;
  power: Power = { fault: undefined, isOff: false };
  core: Core;
  rounds: Rounds;
  readonly #deps: LaptopDeps;
  #generation = 0;
  #lastMs = 0;

  private constructor(deps: LaptopDeps, core: Core, line: Line) {
    this.#deps = deps;
    this.name = deps.name;
    this.line = line;
    this.core = core;
    this.rounds = this.#makeRounds();
  }

  static async open(deps: LaptopDeps, from: string = deps.template): Promise<SimLaptop> {
    // The clock of the ids and who calls belong to the laptop, which is not there yet.
    const holder: { laptop?: SimLaptop } = {};
    const caller = () => {
      if (holder.laptop === undefined) throw new Error('nobody calls before the laptop is there');
      return { id: holder.laptop.owner.deviceId, signer: holder.laptop.signer };
    };
    const line = openLine({ ...deps, caller });
    const ids = {
      nowMs: () => holder.laptop?.nowMs() ?? deps.nowMs(),
      randomBytes: (length: number) => deps.chance.bytes(length),
      advance: () => undefined,
    };
    const power: Power = { fault: undefined, isOff: false };
    const folder = join(deps.folder, '0');
    copyVault(from, folder);
    const driver = poweredDriver(multipleCiphersDriver, power);
    const core = await openCore({ folder, name: deps.name, ids, driver }, deps.enrolled);
    const laptop = new SimLaptop(deps, core, line);
    laptop.power = power;
    holder.laptop = laptop;
    return laptop;
  }

  nowMs(): number {
    return Math.max(1, this.#deps.nowMs() + this.skewMs) + (this.#lastMs++ % 7);
  }

  /** Which device it is by now. */
  get owner(): Owner {
    return this.core.identity.owner;
  }

  get signer(): Signer {
    return this.core.identity.signer;
  }

  get folder(): string {
    return join(this.#deps.folder, String(this.#generation));
  }

  /** A copy of the files as they are, as a backup program would take it. */
  copyTo(folder: string): void {
    copyVault(this.folder, folder);
  }

  /** Starts on a copy of the files as the last process, or a backup, left them. */
  async startFrom(folder: string): Promise<void> {
    const old = this.core.vault;
    this.#generation += 1;
    copyVault(folder, this.folder);
    this.power.isOff = false;
    this.power.fault = undefined;
    // Closing folds the old files in; nobody looks at them again.
    await old.close().catch(() => undefined);
    const driver = poweredDriver(multipleCiphersDriver, this.power);
    const { ids } = this.core.workspace.author;
    const clock = { ...ids, advance: () => undefined };
    this.core = await openLaptop({ folder: this.folder, name: this.name, ids: clock, driver });
    await sweepAttachments(this.#swept(), this.folder);
    this.rounds = this.#makeRounds();
  }

  restart(): Promise<void> {
    return this.startFrom(this.folder);
  }

  /** One full exchange; afterwards `lastError` says how it ended. */
  async exchange(): Promise<void> {
    try {
      await this.rounds.full(new AbortController().signal);
      this.lastError = (await this.rounds.status.get()).error ?? undefined;
    } catch (thrown) {
      if (this.power.isOff || thrown instanceof Crash) return;
      const error = toTmaError(thrown);
      this.lastError = error.code;
      if (error.code === 'internal') this.#deps.onDefect(thrown);
    }
  }

  /** Seals what was not sent and hands it in; true when its keys may go. */
  async leave(): Promise<boolean> {
    try {
      return await this.rounds.leave(new AbortController().signal);
    } catch (thrown) {
      if (!(this.power.isOff || thrown instanceof Crash)) this.#deps.onDefect(thrown);
      return false;
    }
  }

  /** Its keys are gone, and with them what the files say. */
  async destroy(): Promise<void> {
    await this.core.vault.close();
    rmSync(this.#deps.folder, { recursive: true, force: true });
  }

  #swept(): Swept {
    const { db } = this.core.vault;
    return { db, store: attachmentStore(this.folder), files: sealedFiles(this.folder) };
  }

  #makeRounds(): Rounds {
    const { identity } = this.core;
    const nothing = () => undefined;
    return createRounds(
      {
        log: takingFilesAlong(this.core.log, this.#swept()),
        service: { url: 'https://simulated', caPem: '' },
        device: {
          get id() {
            return identity.owner.deviceId;
          },
          user: identity.owner.userId,
          signer: identity.signer,
        },
        serviceKey: fromBase64Url(identity.owner.serviceKey) ?? new Uint8Array(),
        crypto: nodeCrypto,
        gather: this.#deps.gather,
        ...(this.#deps.pushLimits === undefined ? {} : { pushLimits: this.#deps.pushLimits }),
        clock: { nowMs: () => this.nowMs(), after: atOnce },
        random: () => this.#deps.chance.next(),
        program: '0.1.0',
        emit: nothing,
        onHello: nothing,
        onSuccess: nothing,
      },
      this.line,
      createBell(),
    );
  }
}

async function openCore(options: LaptopOptions, enrolled: Enrolled | undefined): Promise<Core> {
  if (enrolled === undefined) return openLaptop(options);
  const { owner, seed } = enrolled;
  const signer = signerFromSeed(Buffer.from(seed, 'base64url'));
  const core = await openLaptop({ ...options, owner, signer });
  await core.vault.write((tx) => writeMeta(tx, 'deviceSeed', seed));
  return core;
}

/** Nothing in an exchange waits for the clock but pauses, and those are over at once. */
function atOnce(_delayMs: number, run: () => void): () => void {
  run();
  return () => undefined;
}

function copyVault(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of ['vault.db', 'vault.db-wal']) {
    if (existsSync(join(from, file))) copyFileSync(join(from, file), join(to, file));
  }
  const files = folderOf(from);
  if (existsSync(files)) cpSync(files, folderOf(to), { recursive: true });
}
