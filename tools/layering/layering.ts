/** `npm run layering`: exits 1 and names every dependency that points the wrong way. */
import { resolve } from 'node:path';
import { checkTree } from './check.ts';

const root = resolve(import.meta.dirname, '../..');
const violations = checkTree(root);
for (const { file, line, message } of violations) console.error(`${file}:${line}  ${message}`);
console.log(
  violations.length === 0 ? 'Every dependency points down.' : `${violations.length} wrong dependencies.`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
