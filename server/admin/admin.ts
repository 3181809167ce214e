/** What an administrator does: tenants, people, codes, devices. Used by the command line, the demo and tests. */
import { sql } from 'kysely';
import { fromBase64Url } from '../../shared/bytes.ts';
import type { OrgRole } from '../../shared/domain/people.ts';
import { TmaError } from '../../shared/errors.ts';
import {
  type CaseId,
  type DeviceId,
  type IdSource,
  newId,
  type PacketId,
  type TenantId,
  type UserId,
} from '../../shared/ids.ts';
import type { PacketReason } from '../../shared/sync/packet.ts';
import { type AuditEntry, writeAudit } from '../audit/audit.ts';
import { type WipeLine, wipeLines } from '../breach/reportWipe.ts';
import type { ServiceConfig } from '../config.ts';
import { type Db, sqlState } from '../db/connect.ts';
import { reading, type Trx, writing } from '../db/scope.ts';
import { codeHash, makeCode } from '../enrol/code.ts';
import type { KeyService } from '../keys/keyService.ts';
import { tellRevoked } from '../sync/notifier.ts';
import { type TenantSettings, tenantSettingsSchema } from '../tenantSettings.ts';
import { orderWipes } from '../wipe/orders.ts';

export interface AdminContext {
  readonly db: Db;
  readonly ids: IdSource;
  readonly keys: KeyService;
  readonly defaults: ServiceConfig['tenantDefaults'];
  nowMs(): number;
}

export interface NewTenant {
  readonly name: string;
  readonly settings?: TenantSettings;
  /** Given only where it must repeat, as in demo data. */
  readonly id?: TenantId;
}

export interface NewUser {
  readonly tenant: TenantId;
  readonly name: string;
  readonly role: OrgRole;
  readonly id?: UserId;
}

export interface NewCode {
  readonly tenant: TenantId;
  readonly user: UserId;
  /** Default: the service's. */
  readonly lifeMs?: number;
}

export interface NewDevice {
  readonly tenant: TenantId;
  readonly user: UserId;
  readonly label: string;
  /** Ed25519 public key, base64url. */
  readonly publicKey: string;
  readonly id?: DeviceId;
}

export interface MintedCode {
  /** Shown once; only its hash is kept. */
  readonly code: string;
  readonly expiresAt: string;
}

export interface PacketLine {
  readonly packet: PacketId;
  /** `null` for a case that never reached the service. */
  readonly case_number: string | null;
  readonly case_id: CaseId;
  readonly user_name: string;
  readonly device_label: string;
  readonly reason: PacketReason;
  readonly changes: number;
  readonly oldest_at: Date;
  readonly received_at: Date;
  readonly key_id: string;
}

export interface Admin {
  createTenant(made: NewTenant): Promise<TenantId>;
  createUser(made: NewUser): Promise<UserId>;
  /** Changes what is given and keeps the rest; laptops hear of it at their next hello. */
  changeSettings(tenant: TenantId, settings: TenantSettings): Promise<void>;
  /** Closes or reopens an account; its devices are refused from their next request on. */
  setActive(tenant: TenantId, user: UserId, active: boolean): Promise<void>;
  /** Who a person is to the organisation's identity provider; null forgets it. A login is one person's. */
  setLogin(tenant: TenantId, user: UserId, login: string | null): Promise<void>;
  mintCode(made: NewCode): Promise<MintedCode>;
  /** A device without a code, for demo data whose laptops do not exist. */
  registerDevice(made: NewDevice): Promise<DeviceId>;
  /** What laptops sealed because access to a case had ended, oldest first. */
  packets(tenant: TenantId): Promise<readonly PacketLine[]>;
  /** The text of a packet, to be opened where the organisation's private key is. */
  packet(tenant: TenantId, packet: PacketId): Promise<string>;
  /** Orders to wipe, the outstanding ones first, and what laptops answered. */
  wipes(tenant: TenantId): Promise<readonly WipeLine[]>;
  /**
   * Takes effect on the next request of the device and of those that followed it under a new id, and at once where one
   * waits for news. It is the order to wipe.
   */
  revokeDevice(tenant: TenantId, device: DeviceId): Promise<void>;
}

const foreignKeyViolation = '23503';

/** Everything it does throws `not-found` for a tenant, person or device that is not there. */
export function createAdmin(context: AdminContext): Admin {
  const { ids } = context;

  function act<T>(
    tenant: TenantId,
    work: (trx: Trx, at: Date) => Promise<{ value: T; entry: Omit<AuditEntry, 'atMs'> }>,
  ): Promise<T> {
    const nowMs = context.nowMs();
    const done = writing(context.db, { tenant, duty: 'admin', nowMs }, async (trx) => {
      const { value, entry } = await work(trx, new Date(nowMs));
      await writeAudit(trx, tenant, { ...entry, atMs: nowMs });
      return value;
    });
    return done.catch((error: unknown) => {
      throw sqlState(error) === foreignKeyViolation ? new TmaError('not-found', undefined, error) : error;
    });
  }

  return {
    async createTenant({ name, settings = {}, id = newId<TenantId>(ids) }) {
      await context.keys.createTenantKey(id);
      const text = JSON.stringify(tenantSettingsSchema.parse(settings));
      return act(id, async (trx, at) => {
        await trx
          .insertInto('tenants')
          .values({ tenant_id: id, name, settings: text, created_at: at })
          .execute();
        return { value: id, entry: { type: 'tenant.created' } };
      });
    },
    createUser({ tenant, name, role, id = newId<UserId>(ids) }) {
      return act(tenant, async (trx, at) => {
        await trx
          .insertInto('users')
          .values({ tenant_id: tenant, user_id: id, name, role, created_at: at })
          .execute();
        return { value: id, entry: { type: 'user.created', about: id } };
      });
    },
    changeSettings(tenant, changed) {
      return act(tenant, async (trx) => {
        const found = await trx
          .selectFrom('tenants')
          .select('settings')
          .where('tenant_id', '=', tenant)
          .forUpdate()
          .executeTakeFirst();
        if (found === undefined) throw new TmaError('not-found');
        // Part by part: whoever sets the idle lock does not mean to end what else holds on laptops.
        const policy = changed.policy && { policy: { ...found.settings.policy, ...changed.policy } };
        const settings = JSON.stringify(
          tenantSettingsSchema.parse({ ...found.settings, ...changed, ...policy }),
        );
        await trx.updateTable('tenants').set({ settings }).where('tenant_id', '=', tenant).execute();
        return { value: undefined, entry: { type: 'tenant.changed' } };
      });
    },
    setActive(tenant, user, active) {
      return act(tenant, async (trx) => {
        const done = await trx
          .updateTable('users')
          .set({ active })
          .where('tenant_id', '=', tenant)
          .where('user_id', '=', user)
          .executeTakeFirst();
        if (done.numUpdatedRows !== 1n) throw new TmaError('not-found');
        return { value: undefined, entry: { type: 'user.changed', about: user } };
      });
    },
    setLogin(tenant, user, login) {
      return act(tenant, async (trx) => {
        await trx.deleteFrom('logins').where('tenant_id', '=', tenant).where('user_id', '=', user).execute();
        if (login !== null)
          await trx.insertInto('logins').values({ tenant_id: tenant, user_id: user, login }).execute();
        return { value: undefined, entry: { type: 'user.changed', about: user } };
      });
    },
    mintCode({ tenant, user, lifeMs = context.defaults.codeLifeHours * 3_600_000 }) {
      const code = makeCode((length) => ids.randomBytes(length));
      return act(tenant, async (trx, at) => {
        const expires = new Date(at.getTime() + lifeMs);
        await trx
          .insertInto('enrolment_codes')
          .values({
            tenant_id: tenant,
            user_id: user,
            code_hash: codeHash(code),
            expires_at: expires,
            created_at: at,
          })
          .execute();
        return {
          value: { code, expiresAt: expires.toISOString() },
          entry: { type: 'code.minted', about: user },
        };
      });
    },
    registerDevice({ tenant, user, label, publicKey, id = newId<DeviceId>(ids) }) {
      const key = Buffer.from(fromBase64Url(publicKey) ?? []);
      return act(tenant, async (trx, at) => {
        const device = { tenant_id: tenant, device_id: id, user_id: user, label, public_key: key };
        await trx
          .insertInto('devices')
          .values({ ...device, program: 'none', enrolled_at: at })
          .execute();
        return { value: id, entry: { type: 'device.registered', device: id, about: user } };
      });
    },
    packets(tenant) {
      const scope = { tenant, duty: 'admin', nowMs: context.nowMs() } as const;
      return reading(context.db, scope, async (trx) => {
        return (await sql<PacketLine>`select * from tma.sealed_packets()`.execute(trx)).rows;
      });
    },
    packet(tenant, packet) {
      return act(tenant, async (trx) => {
        const { rows } = await sql<{
          text: string | null;
        }>`select tma.sealed_packet(${packet}) as text`.execute(trx);
        const text = rows[0]?.text ?? undefined;
        if (text === undefined) throw new TmaError('not-found');
        return { value: text, entry: { type: 'packet.exported' } };
      });
    },
    wipes(tenant) {
      const scope = { tenant, duty: 'admin', nowMs: context.nowMs() } as const;
      return reading(context.db, scope, (trx) => wipeLines(trx, tenant));
    },
    revokeDevice(tenant, device) {
      return act(tenant, async (trx, at) => {
        const rows = await trx
          .updateTable('devices')
          .set({ revoked_at: at })
          .where('tenant_id', '=', tenant)
          .where('device_id', 'in', withSuccessors(tenant, device))
          .returning(['device_id', 'user_id'])
          .execute();
        const [first] = rows;
        if (first === undefined) throw new TmaError('not-found');
        const devices = rows.map((row) => row.device_id);
        await orderWipes(trx, tenant, { devices, at });
        await tellRevoked(trx, { tenant, user: first.user_id, devices });
        return { value: undefined, entry: { type: 'device.revoked', device } };
      });
    },
  };
}

/** The device and those that followed it when its vault was set back or copied. */
function withSuccessors(tenant: TenantId, device: DeviceId) {
  return sql<DeviceId>`(
    with recursive line as (
      select device_id from devices where tenant_id = ${tenant} and device_id = ${device}
      union
      select d.device_id from devices d join line on d.predecessor = line.device_id where d.tenant_id = ${tenant}
    )
    select device_id from line)`;
}
