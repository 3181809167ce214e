import type { Handlers } from '../../../shared/contract/procedures.ts';
import type { CoreDeps } from '../process/coreDeps.ts';
import type { Workspace } from '../session/workspace.ts';
import { editHandlers, requireCase } from './edit.ts';
import { exportLog } from './exportLog.ts';
import { caseHistory, countHistory } from './history.ts';
import { listCases } from './list.ts';
import { readCase } from './read.ts';
import { readAuditor } from './readAudit.ts';
import { verifyCase } from './verify.ts';

type Name = Extract<keyof Handlers, `cases.${string}`>;

export function casesHandlers(
  workspace: Workspace,
  { choosePlace }: Pick<CoreDeps, 'choosePlace'>,
): Pick<Handlers, Name> {
  const { vault } = workspace;
  const auditRead = readAuditor(workspace);
  return {
    ...editHandlers(workspace),
    'cases.list': (filter) => vault.read((tx) => listCases(tx, filter)),
    async 'cases.get'({ caseId }) {
      const view = await vault.read((tx) => readCase(tx, workspace, caseId));
      await auditRead(caseId);
      return view;
    },
    async 'cases.history'(query) {
      const answer = await vault.read(async (tx) => {
        const of = await requireCase(tx, query.caseId);
        return {
          entries: await caseHistory(tx, workspace, { ...query, of }),
          total: await countHistory(tx, query.caseId, query.record),
        };
      });
      await auditRead(query.caseId);
      return answer;
    },
    'cases.verify': ({ caseId }) => vault.read((tx) => verifyCase(tx, workspace, caseId)),
    'cases.exportLog': ({ caseId }) => exportLog(workspace, choosePlace, caseId),
  };
}
