/**
 * `npm run rehearse:rollout [-- --requests 50000] [--only WORDS] [--quick]`: rehearses on this machine what happens
 * to laptops while the service is updated, while a task dies, and while the database fails. Loopback only, bounded in
 * requests and time; ends by itself with exit code 1 when anything did not go as it must.
 *
 * The update itself runs at the times of the cloud (checks every 10 s, twice; 12 s of draining); everything else has
 * all times shortened tenfold.
 */
import { parseArgs } from 'node:util';
import { drainMs } from '../../server/timing.ts';
import { say } from '../support/progress.mjs';
import { messageOf } from '../support/tool-error.ts';
import { albCheck } from './balancer.ts';
import { haproxyVersion, startHaproxy } from './haproxy.ts';
import { startInProcess } from './inProcess.ts';
import { record } from './record.ts';
import {
  controls,
  failover,
  killedTask,
  type Outcome,
  type Pace,
  rehearse,
  rollbacks,
  rollout,
} from './scenarios.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

const asInTheCloud: Pace = { check: albCheck, drainMs, deregistrationMs: 5_000 };
const tenfold: Pace = {
  check: { everyMs: 1_000, timeoutMs: 500 },
  drainMs: drainMs / 10,
  deregistrationMs: 500,
};

const requests = Number(values.requests ?? (values.quick ? 3_000 : 50_000));
const few = Math.min(requests, 3_000);
const plan = [
  { script: rollout, pace: values.quick ? tenfold : asInTheCloud, requests },
  ...[...controls, ...rollbacks, killedTask, failover].map((script) => ({
    script,
    pace: tenfold,
    requests: few,
  })),
].filter(({ script }) => values.only === undefined || script.what.includes(values.only));

const version = await haproxyVersion();
const startBalancer = version === undefined ? startInProcess : startHaproxy;
say(
  version === undefined
    ? 'HAProxy is not installed (apt-get install haproxy); a balancer in this process stands in for it.'
    : `The load balancer is HAProxy ${version}.`,
);
const outcomes: Outcome[] = [];
for (const { script, pace, requests: wanted } of plan) {
  const startedMs = performance.now();
  try {
    const outcome = await rehearse({ startBalancer, pace, requests: wanted, devices: 24 }, script);
    outcomes.push(outcome);
    tell(outcome, performance.now() - startedMs);
  } catch (error) {
    say(`✗ ${script.what}: could not be rehearsed: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
if (outcomes.some(({ passed }) => !passed)) process.exitCode = 1;
say(`\n${record({ balancer: version === undefined ? 'in process' : `HAProxy ${version}`, outcomes })}`);
process.exit();

function tell(
  { what, requests: made, failed, kinds, p50Ms, p99Ms, taken, lost, note, passed }: Outcome,
  tookMs: number,
): void {
  say(`\n${passed ? '✓' : '✗'} ${what} (${(tookMs / 1_000).toFixed(0)} s)`);
  say(
    `    ${made} requests, ${failed} failed${failed === 0 ? '' : ` ${JSON.stringify(kinds)}`}; p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`,
  );
  say(`    ${taken} edits taken, ${lost} lost. ${note}`);
}
