/** One laptop of the journeys: preview host, profile, cable, and the browser window that shows it. */
import type { Browser } from 'playwright-core';
import type { CoreConfig, Defect } from '../../electron/core/process/control.ts';
import { testKdf } from '../../electron/core/vault/testing.ts';
import type { TenantId } from '../../shared/ids.ts';
import { type Preview, startPreview } from '../../tools/preview/preview.ts';
import { type LookOptions, openPage, type WatchedPage } from './browser.ts';
import { type Cable, layCable } from './cable.ts';
import { type Desk, deskAt } from './desk.ts';
import type { SpokenLanguage } from './words.ts';

export interface LaptopOptions extends Omit<LookOptions, 'locale'> {
  /** What the browser prefers; the laptop then speaks it. */
  readonly language: SpokenLanguage;
  /** The key derivation of the product, which takes its time; else a cheaper one. */
  readonly slowKdf?: boolean;
  readonly driver?: CoreConfig['driver'];
  /** S02: what its installation knows of whose it is going to be. */
  readonly organisation?: TenantId;
  /** Another authority than the service's. */
  readonly caPem?: string;
}

interface Wiring {
  readonly line: { readonly port: number; readonly caPem: string };
  readonly profileDir: string;
}

export interface Laptop extends Desk {
  readonly language: SpokenLanguage;
  readonly cable: Cable;
  readonly preview: Preview;
  readonly profileDir: string;
  /** The browser says what it wants to say here, and it was expected. */
  forgive(pattern: RegExp): void;
  /** @throws {Error} that lists what the page or the case process complained about. */
  requireSilence(): void;
  close(): Promise<void>;
}

/** The screens are those of `dist/renderer`, unless another build of them is named. */
const rendererDir = process.env.TMA_RENDERER_DIR;
const locales = { de: 'de-DE', en: 'en-GB' } as const;

export async function startLaptop(browser: Browser, options: LaptopOptions & Wiring): Promise<Laptop> {
  const {
    line,
    profileDir,
    language,
    slowKdf = false,
    driver = 'auto',
    caPem = line.caPem,
    organisation,
    ...look
  } = options;
  const cable = await layCable(line.port);
  const defects: Defect[] = [];
  const preview = await startPreview({
    profileDir,
    service: {
      url: `https://localhost:${cable.port}`,
      caPem,
      ...(organisation === undefined ? {} : { organisation }),
    },
    driver,
    ...(slowKdf ? {} : { testKdf }),
    ...(rendererDir === undefined ? {} : { rendererDir }),
    onDefect: (defect) => defects.push(defect),
  });
  const opened = await openPage(browser, { ...look, locale: locales[language] });
  await opened.page.goto(preview.url);
  const forgiven: RegExp[] = [];
  return {
    ...deskAt(opened.page, language),
    language,
    cable,
    preview,
    profileDir,
    forgive: (pattern) => void forgiven.push(pattern),
    requireSilence: () => requireSilence(opened, forgiven, defects),
    async close() {
      await opened.page.context().close();
      await preview.stop();
      await cable.close();
    },
  };
}

function requireSilence(
  { console }: WatchedPage,
  forgiven: readonly RegExp[],
  defects: readonly Defect[],
): void {
  const complaints = [
    ...console.complaints.filter((text) => !forgiven.some((pattern) => pattern.test(text))),
    ...defects.map(({ name, places }) => `case process: ${name} ${places.join(' ← ')}`),
  ];
  if (complaints.length > 0)
    throw new Error(`A laptop complained:\n  ${[...new Set(complaints)].join('\n  ')}`);
}
