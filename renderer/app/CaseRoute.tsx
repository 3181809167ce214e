import type { CaseId } from '../../shared/ids.ts';
import CaseScreen, { caseTabs } from '../features/cases/CaseScreen.tsx';
import { NotFound } from './NotFound.tsx';

/** The screen of a case for the tab that the address names; which tabs there are is known only here. */
export default function CaseRoute({ caseId, tab }: { readonly caseId: CaseId; readonly tab: string }) {
  const known = caseTabs.find((each) => each === tab);
  return known === undefined ? <NotFound /> : <CaseScreen caseId={caseId} tab={known} />;
}
