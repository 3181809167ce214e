/** E15: the shell's log. Named fields with short values only; a message or a stack never passes. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[]>>;
export type Log = (event: string, fields?: LogFields) => void;

/** One JSON line per event. */
export function lineLog(write: (line: string) => void, nowMs: () => number): Log {
  return (event, fields = {}) => {
    write(`${JSON.stringify({ at: new Date(nowMs()).toISOString(), event, ...fields })}\n`);
  };
}
