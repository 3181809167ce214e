/** E15: the shell's log. The policy says what may be written; a message or a stack never passes. */
import { type LogFields, logRecord } from '../policy/logRecord.ts';

export type Log = (event: string, fields?: LogFields) => void;

/** One JSON line per event of the list. Nothing is sent anywhere: the lines go where the program's output goes. */
export function lineLog(write: (line: string) => void, nowMs: () => number): Log {
  return (event, fields = {}) => {
    const record = logRecord(event, fields);
    if (record !== null) {
      write(`${JSON.stringify({ at: new Date(nowMs()).toISOString(), event, ...record })}\n`);
    }
  };
}
