/** E01, E13: how the one window is made. */

export interface WindowConditions {
  readonly packaged: boolean;
  /** Absolute path of the built preload script. */
  readonly preload: string;
}

/** A session name without `persist:` lives in memory only and dies with the program (E01). */
export const SESSION_PARTITION = 'tma';

/** Neutral: a title is shown by the system where case data must not be (E13). */
export const WINDOW_TITLE = 'TMA Workstation';

/** E01: the renderer's preferences. Every one is stated, also where it is Electron's default today. */
export function webPreferences(conditions: WindowConditions) {
  return {
    preload: conditions.preload,
    partition: SESSION_PARTITION,
    sandbox: true,
    contextIsolation: true,
    webSecurity: true,
    allowRunningInsecureContent: false,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    plugins: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    disableDialogs: true,
    autoplayPolicy: 'document-user-activation-required',
    // The spell checker downloads dictionaries and keeps words it was taught: both are leaks.
    spellcheck: false,
    enableWebSQL: false,
    devTools: !conditions.packaged,
  } as const;
}

/** E13: whether the window is hidden from screen capture. Off only where a developer takes screenshots. */
export function contentProtected(conditions: Pick<WindowConditions, 'packaged'>): boolean {
  return conditions.packaged;
}
