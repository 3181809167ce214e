/** Taking cases along, and giving them back. */
import type { Handlers } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { type CaseId, type LeaseId, newId } from '../../../shared/ids.ts';
import { blobContentSchema } from '../../../shared/sync/blobs.ts';
import { longestCheckoutMs } from '../../../shared/sync/leases.ts';
import { viewRecord } from '../../../shared/sync/view.ts';
import { requireCase } from '../cases/edit.ts';
import type { DeviceSettings } from '../device/settings.ts';
import type { Carrier } from '../evidence/carrier.ts';
import { checkedOut, leaseNow, policyOf } from '../session/lease.ts';
import type { Workspace } from '../session/workspace.ts';
import { returnLease, standingLeases } from '../storage/leases.ts';
import { loadCaseRecords } from '../storage/recordStore.ts';
import type { SyncEngine } from '../sync/engine.types.ts';
import { readLeases } from './view.ts';

type Name = Extract<keyof Handlers, `leases.${string}`>;

export interface LeasesParts {
  readonly engine: Pick<SyncEngine, 'leases'>;
  readonly carrier: Pick<Carrier, 'fetch'>;
  readonly device: DeviceSettings;
}

export function leasesHandlers(workspace: Workspace, parts: LeasesParts): Pick<Handlers, Name> {
  const { vault } = workspace;
  const { engine, device } = parts;
  const view = () => {
    const limits = {
      vaultUntilMs: device.get('leaseUntilMs'),
      checkoutHours: policyOf(device).checkoutHours,
      nowMs: leaseNow(device, workspace.nowMs()),
    };
    return vault.read((tx) => readLeases(tx, limits));
  };
  /** The vault opens without contact for as long as something in it may be read. */
  const settle = async (): Promise<void> => {
    const rows = await standingLeases(vault.db);
    checkedOut(device, Math.max(0, ...rows.map((row) => row.until_ms)));
  };
  return {
    'leases.get': view,
    async 'leases.take'({ caseId, purpose, until }) {
      const forMs = Date.parse(until) - workspace.nowMs();
      if (forMs <= 0 || forMs > longestCheckoutMs) throw new TmaError('input.invalid');
      await vault.read((tx) => requireCase(tx, caseId));
      const id = newId<LeaseId>(workspace.author.ids);
      await engine.leases({ take: { id, case: caseId, purpose, forMs } });
      await vault.write((tx) => workspace.audit(tx, { action: 'lease.taken', caseId, detail: { purpose } }));
      await settle();
      void fetchFiles(workspace, parts, caseId);
      return view();
    },
    async 'leases.giveBack'({ caseId }) {
      const id = await vault.write(async (tx) => {
        const returned = await returnLease(tx, caseId);
        if (returned !== undefined) await workspace.audit(tx, { action: 'lease.returned', caseId });
        return returned;
      });
      await settle();
      workspace.changed(caseId);
      // Without the service it is told with the next hello.
      if (id !== undefined) await engine.leases({ giveBack: [id] }).catch(() => undefined);
      return view();
    },
  };
}

/** Whoever takes a case along wants its files as well; one that does not come now is fetched when it is opened. */
async function fetchFiles({ vault }: Workspace, { carrier }: LeasesParts, caseId: CaseId): Promise<void> {
  const records = await vault.read((tx) => loadCaseRecords(tx, caseId)).catch(() => []);
  for (const { id: recordId, state } of records) {
    const shown = state.kind === 'evidence' ? viewRecord(state) : undefined;
    const content = blobContentSchema.safeParse(shown?.values.content);
    if (shown === undefined || shown.removed || !content.success) continue;
    const isHere = await vault.db
      .selectFrom('attachments')
      .select('file')
      .where('file', '=', content.data.file)
      .executeTakeFirst()
      .catch(() => undefined);
    if (isHere === undefined) {
      await carrier.fetch({ caseId, recordId, content: content.data }).catch(() => undefined);
    }
  }
}
