/** Where the window was, so that it opens there again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const placeSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(200).max(20_000),
  height: z.int().min(200).max(20_000),
  maximized: z.boolean(),
});
export type WindowPlace = z.infer<typeof placeSchema>;

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const defaultSize = { width: 1_360, height: 880 } as const;
export const minimumSize = { minWidth: 960, minHeight: 640 } as const;

/** The saved place if enough of it is on a screen that is still there; null to let the system choose. */
export function placeOnScreens(place: WindowPlace | null, screens: readonly Area[]): WindowPlace | null {
  const seen = place !== null && screens.some((screen) => overlap(place, screen) >= 0.25);
  return seen ? place : null;
}

function overlap(window: Area, screen: Area): number {
  const width = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  const height = Math.min(window.y + window.height, screen.y + screen.height) - Math.max(window.y, screen.y);
  return (Math.max(0, width) * Math.max(0, height)) / (window.width * window.height);
}

/** Null where nothing usable was saved; a lost window place is not worth a message. */
export function readPlace(path: string): WindowPlace | null {
  try {
    return placeSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

export function writePlace(path: string, place: WindowPlace): void {
  try {
    writeFileSync(path, JSON.stringify(place));
  } catch {
    // A full disk must not keep the window from closing.
  }
}
