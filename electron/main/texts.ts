/** What the shell itself says to a person, in both languages: everything else is said by the renderer. */
const texts = {
  en: {
    'menu.file': 'File',
    'menu.lock': 'Lock',
    'menu.quit': 'Quit',
    'menu.edit': 'Edit',
    'menu.view': 'View',
    'menu.window': 'Window',
    'defect.title': 'The workstation was closed',
    'external.title': 'Open in the browser?',
    'external.detail': 'This address opens outside the workstation: {host}',
    'external.open': 'Open',
    'external.cancel': 'Cancel',
    'start.title': 'The workstation cannot start',
    'start.refused': 'It was started with settings that are not allowed: {names}. Nothing was opened.',
    'start.config':
      'Its configuration is missing or damaged: {path}. Nothing was changed. Ask the team that installed it.',
    'start.failed': 'Something unexpected happened. Nothing was changed. Start it again.',
    'defect.ended':
      'Something unexpected happened, and the workstation was closed. What was saved is safe. Start it again.',
    'notice.news': 'There is something new.',
  },
  de: {
    'menu.file': 'Datei',
    'menu.lock': 'Sperren',
    'menu.quit': 'Beenden',
    'menu.edit': 'Bearbeiten',
    'menu.view': 'Ansicht',
    'menu.window': 'Fenster',
    'defect.title': 'Die Workstation wurde beendet',
    'external.title': 'Im Browser öffnen?',
    'external.detail': 'Diese Adresse öffnet sich außerhalb der Workstation: {host}',
    'external.open': 'Öffnen',
    'external.cancel': 'Abbrechen',
    'start.title': 'Die Workstation kann nicht starten',
    'start.refused':
      'Sie wurde mit Einstellungen gestartet, die nicht erlaubt sind: {names}. Es wurde nichts geöffnet.',
    'start.config':
      'Ihre Konfiguration fehlt oder ist beschädigt: {path}. Es wurde nichts verändert. Wenden Sie sich an das Team, das sie installiert hat.',
    'start.failed':
      'Es ist etwas Unerwartetes passiert. Es wurde nichts verändert. Starten Sie die Workstation erneut.',
    'defect.ended':
      'Es ist etwas Unerwartetes passiert, und die Workstation wurde beendet. Was gespeichert war, ist sicher. Starten Sie sie erneut.',
    'notice.news': 'Es gibt etwas Neues.',
  },
} as const;

export type TextKey = keyof (typeof texts)['en'];
export type Say = (key: TextKey, values?: Readonly<Record<string, string>>) => string;

/** The texts for a system locale such as `de-AT`; English for every language but German. */
export function sayIn(locale: string): Say {
  const language = locale.toLowerCase().startsWith('de') ? texts.de : texts.en;
  return (key, values = {}) =>
    language[key].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
