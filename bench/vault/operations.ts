/** What is measured: what a person does, through the contract, and beside it the one query under the first of them. */
import { systemIds } from '../../platform/crypto.ts';
import { newId, type RecordId } from '../../shared/ids.ts';
import { type BigVault, bigCases } from './build.ts';
import type { Desk } from './desk.ts';

export interface Operation {
  readonly name: string;
  readonly times: number;
  /** Turns before it counts. */
  readonly warmUp?: number;
  readonly work: (desk: Desk, turn: number) => Promise<unknown>;
  /** What the vault does by itself before the next turn, not counted. */
  readonly rest?: (desk: Desk) => Promise<unknown>;
}

/** As in the second after an edit (`electron/core/vault/session.ts`). */
const foldIn: NonNullable<Operation['rest']> = async ({ connection }) => {
  await connection.get('PRAGMA wal_checkpoint(PASSIVE)');
};

const caseQuery =
  'SELECT id, kind, state, created_ms, created_device, updated_ms FROM records WHERE case_id = ?';

export function operationsOn(vault: BigVault): readonly Operation[] {
  const { cases } = vault.plan;
  /** Over the whole vault, the same turns for every driver. */
  const somewhere = (turn: number) => (turn * 7_919 + 13) % cases;
  const list = { list: 'cases', descending: true, offset: 0, limit: 100 } as const;
  const search = (text: (turn: number) => string): Operation['work'] => {
    return (desk, turn) => desk.call('search.query', { text: text(turn), limit: 20 });
  };
  const query = (turn: number) => [caseQuery, [vault.bigCaseId(turn)]] as const;
  return [
    {
      name: 'the one query of a case of 500 records, first time',
      times: bigCases / 2,
      warmUp: 0,
      work: ({ connection }, turn) => connection.all(...query(turn)),
    },
    {
      name: 'open a case of 500 records, first time',
      times: bigCases / 2,
      warmUp: 0,
      work: (desk, turn) => desk.call('cases.get', { caseId: vault.bigCaseId(bigCases / 2 + turn) }),
    },
    {
      name: 'the one query of a case of 500 records, again',
      times: 100,
      work: ({ connection }) => connection.all(...query(1)),
    },
    {
      name: 'open a case of 500 records, again',
      times: 100,
      work: (desk) => desk.call('cases.get', { caseId: vault.bigCaseId(1) }),
    },
    {
      name: 'open a case of 100 records, first time',
      times: 200,
      work: (desk, turn) => desk.call('cases.get', { caseId: vault.caseId(somewhere(turn)) }),
    },
    { name: 'my day', times: 60, work: (desk) => desk.call('day.get', {}) },
    {
      name: 'list 100 of all cases',
      times: 100,
      work: (desk) => desk.call('cases.list', { ...list, sort: 'updated' }),
    },
    {
      name: 'list 100 of all cases by title, in the middle',
      times: 60,
      work: (desk) => desk.call('cases.list', { ...list, sort: 'title', offset: cases / 2 }),
    },
    {
      name: 'filter all cases by a word',
      times: 60,
      work: (desk, turn) =>
        desk.call('cases.list', { ...list, sort: 'title', text: `fall${somewhere(turn)}` }),
    },
    { name: 'search: a word of one case', times: 100, work: search((turn) => `wort${somewhere(turn)}`) },
    {
      name: 'search: two words',
      times: 100,
      work: search((turn) => `pförtnerin raum${somewhere(turn) % 5_000}`),
    },
    { name: 'search: a word of every record', times: 100, work: search(() => 'dienstplan') },
    {
      name: 'search: two letters',
      times: 100,
      work: search((turn) => ['be', 'wo', 'ra', 'di'][turn % 4] ?? ''),
    },
    { name: 'search: a word of every record, half typed', times: 30, work: search(() => 'dienstpl') },
    {
      name: 'search: two words of every record, half typed',
      times: 10,
      warmUp: 2,
      work: search(() => 'pförtn dienstpl'),
    },
    {
      name: 'save one edit: a new note',
      times: 150,
      rest: foldIn,
      work: (desk, turn) => {
        const fields = {
          text: { value: `Notiz ${turn}: Rückruf vereinbart, Streife unterrichtet.`, saw: [] },
        };
        const record = newId<RecordId>(systemIds);
        const edits = [{ record, kind: 'note', op: 'create' as const, fields }];
        return desk.call('cases.edit', { caseId: vault.caseId(somewhere(turn)), edits });
      },
    },
    rewriting(vault, somewhere),
  ];
}

/** Another text in the place of one that is in the full-text index already. */
function rewriting(vault: BigVault, somewhere: (turn: number) => number): Operation {
  return {
    name: 'save one edit: another text of an observation',
    times: 150,
    rest: foldIn,
    work: async (desk, turn) => {
      const caseId = vault.caseId(somewhere(turn));
      const { observation } = vault.plan;
      const fields = {
        text: { value: `Neu gefasst, ${turn}. Mal: fragte nach dem Dienstplan.`, saw: observation.saw },
      };
      const edits = [{ record: observation.id, kind: 'observation', op: 'update' as const, fields }];
      return desk.call('cases.edit', { caseId, edits });
    },
  };
}
