/** The messages on the port between the renderer and the case process: MessagePort or WebSocket. */
import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';

export const callMessageSchema = z.strictObject({
  type: z.literal('call'),
  id: z.int().nonnegative(),
  procedure: z.string().max(80),
  input: z.unknown(),
});
export type CallMessage = z.infer<typeof callMessageSchema>;

export const answerMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('value'), id: z.int().nonnegative(), value: z.unknown() }),
  z.strictObject({ type: z.literal('error'), id: z.int().nonnegative(), error: errorShapeSchema }),
  z.strictObject({ type: z.literal('event'), name: z.string().max(80), payload: z.unknown() }),
]);
export type AnswerMessage = z.infer<typeof answerMessageSchema>;
