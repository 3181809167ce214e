/** Where a checkout keeps what runs from it: everything below `.tma`, which git does not see. */
import { join, resolve } from 'node:path';
import { ToolError } from '../support/tool-error.ts';

export interface Places {
  readonly root: string;
  /** The central service: database, authority, keys. */
  readonly service: string;
  /** Who runs the service now, and where it answers. */
  readonly serviceClaim: string;
  /** One folder per laptop. */
  readonly laptops: string;
}

/** @param home the folder for all of it; `.tma` in the checkout unless TMA_HOME names another. */
export function placesIn(root: string, home: string = process.env.TMA_HOME || join(root, '.tma')): Places {
  return {
    root: resolve(root),
    service: resolve(home, 'service'),
    serviceClaim: resolve(home, 'service.json'),
    laptops: resolve(home, 'laptops'),
  };
}

/** The root of this checkout. */
export const thisCheckout = resolve(import.meta.dirname, '../..');

export interface LaptopPlaces {
  readonly name: string;
  /** Profile of the preview host; its secrets lie in a file, so Electron has a profile of its own. */
  readonly preview: string;
  readonly electron: string;
  /** Who runs this laptop now, and where its window is. */
  readonly claim: string;
  /** Profile of the browser that shows the preview, so that two laptops share no session. */
  readonly browser: string;
}

/** @throws {ToolError} when the name would not do as the name of a folder. */
export function laptopIn(places: Places, name: string): LaptopPlaces {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) {
    throw new ToolError(`"${name}" is no name for a laptop: use up to 32 small letters, digits and hyphens.`);
  }
  const folder = join(places.laptops, name);
  return {
    name,
    preview: join(folder, 'preview'),
    electron: join(folder, 'electron'),
    claim: join(places.laptops, `${name}.json`),
    browser: join(folder, 'browser'),
  };
}
