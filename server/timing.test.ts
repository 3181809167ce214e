import { expect, it } from 'vitest';
import * as timing from './timing.ts';

it('keeps connections open longer than the load balancer does, and waits for headers longer still', () => {
  expect(timing.longestWaitMs).toBeLessThan(timing.loadBalancerIdleMs);
  expect(timing.loadBalancerIdleMs).toBeLessThan(timing.keepAliveTimeoutMs);
  expect(timing.keepAliveTimeoutMs).toBeLessThan(timing.headersTimeoutMs);
});

it('lets a statement, a drain and the longest wait end before the platform ends the process', () => {
  expect(timing.lockTimeoutMs).toBeLessThan(timing.idleInTransactionMs);
  expect(timing.idleInTransactionMs).toBeLessThan(timing.statementTimeoutMs);
  expect(timing.statementTimeoutMs).toBeLessThan(timing.queryTimeoutMs);
  expect(timing.queryTimeoutMs).toBeLessThan(timing.requestTimeoutMs);
  expect(timing.drainMs + timing.requestTimeoutMs).toBeLessThan(timing.stopTimeoutMs);
});
