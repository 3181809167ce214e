/** Whether a statement answers with rows; asked where neither the library nor the query builder can tell. */
const reads = /^\s*(select|values|pragma|explain)\b/i;
const returning = /\breturning\b/i;
const common = /^\s*with\b/i;
const writes = /\b((insert|replace)\s+(or\s+\w+\s+)?into|update\s+\w|delete\s+from)\b/i;

export function returnsRows(sql: string): boolean {
  return reads.test(sql) || returning.test(sql) || (common.test(sql) && !writes.test(sql));
}
