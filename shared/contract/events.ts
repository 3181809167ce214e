/** What the case process tells without being asked. Events carry ids and states; screens fetch content themselves. */
import { z } from 'zod';
import { caseIdSchema, recordIdSchema } from '../ids.ts';
import { syncViewSchema } from './syncViews.ts';
import { sessionViewSchema, settingsSchema } from './views.ts';

export const events = {
  session: sessionViewSchema,
  settings: settingsSchema,
  sync: syncViewSchema,
  /** Records of these cases changed, here or elsewhere; lists and counts may have changed with them. */
  cases: z.object({ caseIds: z.array(caseIdSchema), origin: z.enum(['here', 'elsewhere']) }),
  directory: z.object({}),
  /** Somebody broke the glass of a sealed compartment: for data protection officers. */
  glass: z.object({}),
  /** How far something long has come; `total` is null until it is known. */
  progress: z.object({
    task: z.enum(['backup', 'fetch', 'send']),
    /** Whose file is sent. */
    record: recordIdSchema.exactOptional(),
    doneBytes: z.int().nonnegative(),
    totalBytes: z.int().nonnegative().nullable(),
  }),
  /** E16: a link from outside names this case; whether it may be seen is for the screen to ask. */
  link: z.object({ caseId: caseIdSchema }),
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventOf<N extends EventName> = z.output<Events[N]>;
export const eventNames = Object.keys(events) as readonly EventName[];
export type Emit = <N extends EventName>(name: N, payload: EventOf<N>) => void;
