import type { DemoCase } from '../script.ts';
import { assessedCases } from './assessed.ts';
import { conferenceCases } from './conference.ts';
import { endedCases } from './ended.ts';
import { finishedCases } from './finished.ts';
import { gatheringCases } from './gathering.ts';
import { incomingCases } from './incoming.ts';
import { managingEnglishCases } from './managingEnglish.ts';
import { managingGermanCases } from './managingGerman.ts';
import { transferCases } from './transfer.ts';

/** All forty. */
export const demoCases: readonly DemoCase[] = [
  ...incomingCases,
  ...endedCases,
  ...gatheringCases,
  ...conferenceCases,
  ...transferCases,
  ...assessedCases,
  ...managingGermanCases,
  ...managingEnglishCases,
  ...finishedCases,
];
