/** The instruments and measures this program was shipped with. */

import { instrumentDocuments } from '../../../resources/instruments/index.ts';
import { measuresDocument } from '../../../resources/measures/index.ts';
import type { Handlers } from '../../../shared/contract/procedures.ts';
import { type InstrumentCatalogue, loadInstruments } from '../../../shared/instruments/catalogue.ts';
import { loadMeasures } from '../../../shared/measures/catalogue.ts';
import type { MeasuresCatalogueDocument } from '../../../shared/measures/schema.ts';

export interface Catalogue {
  readonly instruments: InstrumentCatalogue;
  readonly measures: MeasuresCatalogueDocument;
}

/** @throws when a shipped document is not valid: such a program must not start. */
export function shippedCatalogue(): Catalogue {
  const instruments = loadInstruments(instrumentDocuments);
  if (!instruments.ok) throw new Error(`instruments: ${JSON.stringify(instruments.problems)}`);
  const measures = loadMeasures(measuresDocument);
  if (!measures.ok) throw new Error(`measures: ${JSON.stringify(measures.problems)}`);
  const { find: _find, forDriver: _forDriver, ...document } = measures.catalogue;
  return { instruments: instruments.catalogue, measures: document };
}

export function catalogueHandlers({ instruments, measures }: Catalogue): Pick<Handlers, 'catalogue.get'> {
  return { 'catalogue.get': async () => ({ instruments: [...instruments.all], measures }) };
}
