/**
 * Times that must stand in this order, or a proxy reuses a connection the service has just closed and a
 * request fails that nobody sent wrongly: the load balancer's idle time-out < ours < that for headers.
 */
export const loadBalancerIdleMs = 60_000;
export const keepAliveTimeoutMs = 75_000;
export const headersTimeoutMs = 76_000;
/** For a whole request to arrive; an answer may take longer (long poll). */
export const requestTimeoutMs = 30_000;
/** Longest time a pull may wait for news; below the load balancer's idle time-out. */
export const longestWaitMs = 55_000;
/** From the signal to stop until the platform ends the process by force. */
export const stopTimeoutMs = 90_000;
/** How long a stopping task answers on while the load balancer notices. */
export const drainMs = 12_000;

/** For one statement, for a lock, and for a transaction that does nothing: no request may hold up the others. */
export const statementTimeoutMs = 20_000;
/** When the database itself says nothing any more, as after its machine is gone. */
export const queryTimeoutMs = 25_000;
export const lockTimeoutMs = 5_000;
export const idleInTransactionMs = 10_000;
