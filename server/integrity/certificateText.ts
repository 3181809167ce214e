import type { Destruction, DestructionReason } from '../../shared/integrity/destruction.ts';

const reasons: Readonly<Record<DestructionReason, { readonly de: string; readonly en: string }>> = {
  'retention-over': { de: 'Aufbewahrungsfrist abgelaufen', en: 'The time of retention is over' },
  'erasure-request': {
    de: 'Verlangen der betroffenen Person (Art. 17 DSGVO)',
    en: 'Request of the person concerned (Art. 17 GDPR)',
  },
  order: { de: 'Anordnung', en: 'Order' },
  'opened-in-error': { de: 'Irrtümlich angelegt', en: 'Opened in error' },
};

/** The certificate for people, in both languages; to be kept with the signed one. */
export function certificateText(of: Destruction): string {
  const { reason, reference } = of;
  return `LÖSCHBESTÄTIGUNG / CERTIFICATE OF DESTRUCTION

Organisation:          ${of.tenantName}
Fall / Case:           ${of.number} (${of.case})
Grund / Reason:        ${reasons[reason].de} / ${reasons[reason].en}
Aktenzeichen / Ref.:   ${reference}
Angeordnet von / By:   ${of.by}
Zeitpunkt / When:      ${of.destroyedAt}

Der Schlüssel des Falls und alles Geschriebene, das er verschlüsselte, wurde auf dem Dienst vernichtet; die Dateien des
Falls sind ohne ihn nicht mehr zu öffnen. Geräte, die den Fall hatten, entfernen ihn beim nächsten Kontakt. Sicherungen der Datenbank können den Schlüssel noch bis
${of.backupsUntil} enthalten; danach ist der Inhalt auch dort nicht mehr lesbar.
Geblieben ist das Protokoll aus Prüfsummen: ${of.entries} Einträge, Stand ${of.running}.

The key of the case and all that was written under it was destroyed on the service; without it the files of the case
cannot be opened any more. Laptops that had the case remove it at their next contact. Backups of the database may hold the key until ${of.backupsUntil}; after that
the content cannot be read there either.
What is left is the log of hashes: ${of.entries} entries, head ${of.running}.
`;
}
