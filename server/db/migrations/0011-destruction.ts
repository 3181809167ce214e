import type { Migration } from '../migrate.ts';

/**
 * Destroying the content of a case for ever. The key goes, and with it every backup's copy of what it encrypted, once
 * the backups that still hold the wrapped key have run out; what it encrypted here goes too. The log stays: it holds
 * hashes and headings, and verifies as before.
 *
 * One function, because the service's role may neither change the log nor delete records: it is told the case by the
 * transaction, and the duty.
 */
export const destruction: Migration = {
  number: 11,
  phase: 'expand',
  name: 'destruction',
  sql: `
-- False when there is nothing left to destroy.
create function tma.destroy_content() returns boolean
  language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare was boolean;
begin
  if tma.duty() <> 'destroy' then
    raise insufficient_privilege using message = 'destroying content is a duty of its own';
  end if;
  update cases set wrapped_key = null
    where tenant_id = tma.tenant() and case_id = tma.case_in_hand() and wrapped_key is not null;
  was := found;
  update changes set sealed = ''::bytea where tenant_id = tma.tenant() and case_id = tma.case_in_hand();
  delete from records where tenant_id = tma.tenant() and case_id = tma.case_in_hand();
  delete from case_index where tenant_id = tma.tenant() and case_id = tma.case_in_hand();
  return was;
end $$;
revoke all on function tma.destroy_content() from public;
grant execute on function tma.destroy_content() to tma_service;
`,
};
