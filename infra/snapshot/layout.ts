/**
 * JSON as a person reads it: what fits on a line stands on a line. The same value always gives the same text, so that
 * a change of a template is a change of a few lines.
 */
const width = 110;

export function layout(value: unknown, indent = ''): string {
  const short = oneLine(value);
  if (indent.length + short.length <= width) return short;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => `${deeper}${layout(item, deeper)}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const items = Object.entries(value).map(
      ([key, item]) => `${deeper}${JSON.stringify(key)}: ${layout(item, deeper)}`,
    );
    return `{\n${items.join(',\n')}\n${indent}}`;
  }
  return short;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const items = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
    return items.length === 0 ? '{}' : `{ ${items.join(', ')} }`;
  }
  return JSON.stringify(value);
}
