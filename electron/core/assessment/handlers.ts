import type { Handlers } from '../../../shared/contract/procedures.ts';
import { readCase } from '../cases/read.ts';
import type { Workspace } from '../session/workspace.ts';
import { signAssessment } from './sign.ts';
import { startAssessment } from './start.ts';

type Name = 'assessments.start' | 'assessments.sign';

export function assessmentHandlers(workspace: Workspace): Pick<Handlers, Name> {
  const { vault } = workspace;
  return {
    async 'assessments.start'(input) {
      const assessmentId = await vault.write((tx) => startAssessment(tx, workspace, input));
      workspace.edited(input.caseId);
      return { assessmentId };
    },
    async 'assessments.sign'(input) {
      const view = await vault.write(async (tx) => {
        await signAssessment(tx, workspace, input);
        return readCase(tx, workspace, input.caseId);
      });
      workspace.edited(input.caseId);
      return view;
    },
  };
}
