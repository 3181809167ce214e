/** `npm run bench -- merge`: how many field merges the pure merge does in a second, beside Automerge in the same run. */
import { automergeMergesPerSecond, mergesPerSecond } from './merge/measure.ts';

const barPerSecond = 200_000;

const ours = mergesPerSecond();
const peer = automergeMergesPerSecond();
console.log(`merge: ${ours}/s, bar ${barPerSecond}/s, ratio ${(ours / barPerSecond).toFixed(2)}`);
console.log(`merge: Automerge ${peer}/s, ratio ${(ours / peer).toFixed(1)}`);
process.exitCode = ours >= barPerSecond ? 0 : 1;
