/**
 * Evidence from the command line, with the settings of `environment.ts`. What they print can be checked anywhere with
 * `npm run verify:chain`:
 *
 *   node server/admin/cli.ts export-chain --tenant ID --case ID   the log of a case, without its content
 *   node server/admin/cli.ts export-audit --tenant ID             the audit log of a tenant
 *   node server/admin/cli.ts destroy-case --tenant ID --case ID --by USER --reason CODE --reference FILE
 *       destroys the content of a case for ever and gives the certificate: signed, and in words
 */
import { z } from 'zod';
import { caseIdSchema, tenantIdSchema, userIdSchema } from '../../shared/ids.ts';
import { chainText } from '../../shared/integrity/chainFile.ts';
import { destructionReasonSchema, destructionSchema } from '../../shared/integrity/destruction.ts';
import { openDatabase } from '../admin/openAdmin.ts';
import type { ServiceConfig } from '../config.ts';
import { CaseKeys } from '../keys/caseKeys.ts';
import { openServiceKeys, openTenantKeys } from '../keys/openKeys.ts';
import { certificateText } from './certificateText.ts';
import { destroyCase } from './destroyCase.ts';
import { exportAudit } from './exportAudit.ts';
import { type ExportContext, exportChain } from './exportChain.ts';

type Values = Readonly<Record<string, string | undefined>>;
type Command = (context: ExportContext, values: Values) => Promise<string>;

const ofCase = z.object({ tenant: tenantIdSchema, case: caseIdSchema });

export const integrityCommands: Readonly<Record<string, Command>> = {
  'export-chain': async (context, values) => {
    const { tenant, case: caseId } = ofCase.parse(values);
    return chainText(await exportChain(context, { tenant, caseId })).trimEnd();
  },
  'export-audit': async (context, values) => {
    const { tenant } = z.object({ tenant: tenantIdSchema }).parse(values);
    const lines = await exportAudit(context, tenant);
    return lines.map((line) => JSON.stringify(line)).join('\n');
  },
  'destroy-case': async (context, values) => {
    const order = ofCase
      .extend({
        by: userIdSchema,
        reason: destructionReasonSchema,
        reference: z.string().min(1).max(80),
      })
      .parse(values);
    const certificate = await destroyCase(context, { ...order, caseId: order.case });
    const words = certificateText(destructionSchema.parse(JSON.parse(certificate.text)));
    return `${JSON.stringify(certificate)}\n\n${words}`;
  },
};

/** @throws {ConfigError} when the service could not start either. */
export async function runIntegrity(command: Command, config: ServiceConfig, values: Values): Promise<string> {
  const { signer, epoch } = await openServiceKeys(config);
  const caseKeys = new CaseKeys(await openTenantKeys(config));
  const db = await openDatabase(config);
  try {
    return await command({ db, caseKeys, signer, epoch, nowMs: () => Date.now() }, values);
  } finally {
    await db.destroy();
  }
}
