import { defineKind, instant, text, value } from '../fields.ts';

/** A dated remark in a case; written once, never edited. */
export const noteKind = defineKind({
  fields: {
    text: value(text, { searchable: true }),
    writtenAt: value(instant),
  },
  appendOnly: true,
});
