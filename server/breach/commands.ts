/**
 * What becomes of laptops, from the command line:
 *
 *   node server/admin/cli.ts breach-report --tenant ID --device ID --by USER [--language de | en] [--format text | json]
 *       what a lost laptop held; reading it is in the audit log
 *   node server/admin/cli.ts list-wipes --tenant ID   orders to wipe, and which were acknowledged
 */
import { z } from 'zod';
import { deviceIdSchema, tenantIdSchema, userIdSchema } from '../../shared/ids.ts';
import type { Db } from '../db/connect.ts';
import { breachReport } from './report.ts';
import type { BreachReport } from './report.types.ts';
import { reportText } from './reportText.ts';
import type { WipeLine } from './reportWipe.ts';

const orderSchema = z.object({
  tenant: tenantIdSchema,
  device: deviceIdSchema,
  by: userIdSchema,
  language: z.enum(['de', 'en']).default('de'),
  format: z.enum(['text', 'json']).default('text'),
});

export async function breachReportCommand(
  context: { readonly db: Db; nowMs(): number },
  values: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { language, format, ...order } = orderSchema.parse(values);
  const json = await breachReport(context, order);
  // It was written by `breachReport` a moment ago.
  return format === 'json' ? json : reportText(JSON.parse(json) as BreachReport, language).trimEnd();
}

/** One order in two lines. */
export function wipeText(line: WipeLine): string {
  const { device, label, user, ordered_at, heard_at, acknowledged_at, told_by, contact_at, vault_until } =
    line;
  const state =
    acknowledged_at !== null
      ? `acknowledged ${acknowledged_at.toISOString()}, signed by the laptop`
      : told_by !== null
        ? `told by ${told_by}, not signed`
        : `OUTSTANDING, ${heard_at === null ? 'not heard of' : `heard ${heard_at.toISOString()}`}`;
  return [
    `${device}  ${user}, ${label}  ${state}`,
    `  ordered ${instant(ordered_at)}, last contact ${instant(contact_at)}, opens without the service until ${instant(vault_until)}`,
  ].join('\n');
}

function instant(date: Date | null): string {
  return date === null ? '–' : date.toISOString();
}
