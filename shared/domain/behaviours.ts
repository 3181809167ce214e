import { z } from 'zod';

/**
 * The eight proximal warning behaviours.
 * Source: Meloy, Hoffmann, Guldimann, James (2012), "The role of warning behaviors in threat assessment:
 * an exploration and suggested typology", Behavioral Sciences & the Law 30(3), 256–279.
 */
export const warningBehaviours = [
  'pathway',
  'fixation',
  'identification',
  'novel-aggression',
  'energy-burst',
  'leakage',
  'last-resort',
  'direct-threat',
] as const;
export const warningBehaviourSchema = z.enum(warningBehaviours);
export type WarningBehaviour = z.infer<typeof warningBehaviourSchema>;
