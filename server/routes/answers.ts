import { errorShapeSchema } from '../../shared/errors.ts';

/** Only the answer of a success is described by route; every failure is the catalogue's. */
export function answers<S>(schema: S) {
  return { 200: schema, '4xx': errorShapeSchema, '5xx': errorShapeSchema };
}
