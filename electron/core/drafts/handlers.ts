/** Forms a person has begun and not saved: kept in the vault of this laptop, never sent. */
import type { Handlers } from '../../../shared/contract/procedures.ts';
import type { Json } from '../../../shared/json.ts';
import type { Workspace } from '../session/workspace.ts';

export function draftsHandlers({ vault }: Workspace): Pick<Handlers, 'drafts.get' | 'drafts.put'> {
  return {
    'drafts.get': ({ name }) =>
      vault.read(async (tx) => {
        const row = await tx.selectFrom('drafts').select('value').where('name', '=', name).executeTakeFirst();
        // Written by `drafts.put`, whose input is JSON.
        return { value: row === undefined ? null : (JSON.parse(row.value) as Json) };
      }),
    'drafts.put': ({ name, value }) =>
      vault.write(async (tx) => {
        await tx.deleteFrom('drafts').where('name', '=', name).execute();
        if (value !== null) {
          await tx
            .insertInto('drafts')
            .values({ name, value: JSON.stringify(value) })
            .execute();
        }
        return {};
      }),
  };
}
