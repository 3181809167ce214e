/**
 * E15: what the shell may write to its log. A list of events, of their fields, and of how a value of each field may
 * look; everything else is left out. No message of an error, no address and no path of a person has a place here.
 */
export type LogValue = string | number | boolean | readonly string[];
export type LogFields = Readonly<Record<string, LogValue>>;

/** A name that is part of a program: an event, a class, a switch, a reason. */
const word = /^[-\w.]{1,80}$/;
/** Three parts of a path inside the program, with line and column, as `describeDefect` cuts them. */
const place = /^(?:[-\w.@:[\]]{1,80}\/){0,3}[-\w.@[\]]{1,80}:\d{1,7}:\d{1,7}$/;
/** A file of the built renderer. */
const asset = /^\/[-\w./]{1,120}$/;

const events: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  'start.refused': { names: word },
  'start.failed': {},
  'shell.defect': { name: word, places: place },
  'core.defect': { name: word, places: place },
  'core.failed': {},
  'child.gone': { type: /^[\w ]{1,40}$/, reason: word },
  'renderer.gone': { reason: word },
  'renderer.not-loaded': {},
  'asset.altered': { path: asset },
  'navigation.refused': { event: word },
  'window.refused': { reason: word },
  'connect.refused': {},
  'link.refused': { reason: word },
  'update.refused': { reason: word },
  'update.downloaded': { version: word },
  'update.failed': {},
};

/** What stands for a value that may not be written; that there was one can matter. */
export const withheld = '(withheld)';

/** The part of an event that may be written; null for an event that is not on the list. */
export function logRecord(event: string, fields: LogFields): LogFields | null {
  const allowed = Object.hasOwn(events, event) ? events[event] : undefined;
  if (allowed === undefined) return null;
  const written = Object.entries(allowed).flatMap(([name, shape]): [string, LogValue][] => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return value === undefined ? [] : [[name, checked(value, shape)]];
  });
  return Object.fromEntries(written);
}

function checked(value: LogValue, shape: RegExp): LogValue {
  if (Array.isArray(value)) return value.slice(0, 20).map((one) => checked(one, shape) as string);
  if (typeof value === 'string') return shape.test(value) ? value : withheld;
  return value;
}
