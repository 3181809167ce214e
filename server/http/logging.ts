/**
 * What the service writes about its work: fields from a list, never a body, a query, an address, a name or the
 * text of an error, which may quote what it was about. E15
 */
import { type DestinationStream, type Logger, pino } from 'pino';
import { sqlState } from '../db/connect.ts';

export interface RequestLine {
  readonly requestId: string;
  readonly method: string;
  /** The pattern of the route, not the path. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly code?: string;
}

export interface ServiceLog {
  request(line: RequestLine): void;
  event(event: 'started' | 'draining' | 'stopped', fields?: Readonly<Record<string, number>>): void;
  /** Something unexpected: its kind and where in the program it arose. */
  failure(error: unknown, requestId?: string): void;
  /** A line of metrics as `metrics/emf.ts` makes it, whatever the level of the log is. */
  metrics(line: Readonly<Record<string, unknown>>): void;
}

export function createLog(level: string, destination?: DestinationStream): ServiceLog {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const logger: Logger = destination === undefined ? pino(options) : pino(options, destination);
  return {
    request: (line) => logger.info({ event: 'request', ...line }),
    event: (event, fields) => logger.info({ event, ...fields }),
    metrics: (line) => logger[logger.isLevelEnabled('info') ? 'info' : 'fatal'](line),
    failure: (error, requestId) => logger.error({ event: 'failure', requestId, ...describe(error) }),
  };
}

function describe(thrown: unknown): Record<string, unknown> {
  if (!(thrown instanceof Error)) return { error: typeof thrown };
  const cause = thrown.cause === undefined ? {} : { cause: describe(thrown.cause) };
  return { error: thrown.name, sqlState: sqlState(thrown), at: frames(thrown), ...cause };
}

/** The frames of a stack without its first lines, which carry the message. */
function frames(error: Error): readonly string[] {
  const lines = (error.stack ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line.startsWith('at ')).slice(0, 12);
}
