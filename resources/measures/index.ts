/** The countermeasures shipped with the product, as they lie in the file; `shared/measures` reads them. */
import catalogue from './catalogue.json' with { type: 'json' };

export const measuresDocument: unknown = catalogue;
