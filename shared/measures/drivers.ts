import type { InstrumentCatalogue } from '../instruments/catalogue.ts';
import { type InstrumentItem, itemsOf } from '../instruments/schema.ts';

/** A driver names the items of this instrument alone, `leakage`; of others, `workplace-judgement/grievance`. */
const warningBehavioursInstrument = 'warning-behaviours';

/**
 * The item a driver names, in the newest version that has it; `undefined` for a driver that none of the
 * installed instruments knows (an old or foreign record: show its text as it is).
 */
export function itemOfDriver(instruments: InstrumentCatalogue, driver: string): InstrumentItem | undefined {
  const slash = driver.indexOf('/');
  const instrumentId = slash < 0 ? warningBehavioursInstrument : driver.slice(0, slash);
  const itemId = driver.slice(slash + 1);
  const latest = instruments.latest(instrumentId);
  const versions = [latest, ...instruments.all.filter(({ id }) => id === instrumentId)];
  for (const instrument of versions) {
    const item = instrument && itemsOf(instrument).find(({ id }) => id === itemId);
    if (item !== undefined) return item;
  }
  return undefined;
}
