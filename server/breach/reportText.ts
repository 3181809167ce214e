/** A breach report for people: whoever decides, within 72 hours, whether it has to be reported (Art. 33 GDPR). */
import type { BreachReport, CaseOfReport, WipeOfReport } from './report.types.ts';
import { type ReportLanguage, type ReportWords, reportWords } from './reportWords.ts';

const mib = 1024 * 1024;

export function reportText(report: BreachReport, language: ReportLanguage): string {
  const words = reportWords[language];
  const { device, contact, tenant } = report;
  const held = report.cases.filter(({ state }) => state === 'held');
  const removed = report.cases.filter(({ state }) => state === 'removed');
  const facts: readonly (readonly [string, string])[] = [
    [words.organisation, tenant.name],
    [words.device, `${device.label} (${device.line.join(', ')})`],
    [words.person, `${device.user.name} (${device.user.role})`],
    [words.made, when(report.madeAt)],
    [words.enrolled, when(device.enrolledAt)],
    [words.revoked, device.revokedAt === null ? words.never : when(device.revokedAt)],
    [words.lastContact, contact === null ? words.never : when(contact.at)],
    [words.opensUntil, contact?.vaultUntil === undefined ? words.never : limit(contact.vaultUntil, words)],
  ];
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return [
    words.title,
    '',
    ...facts.map(([name, value]) => `${name.padEnd(width)}${value}`),
    '',
    words.wipe,
    ...wipeText(report.wipe, words),
    '',
    words.held(held.length),
    ...casesText(held, words),
    '',
    words.removed(removed.length),
    ...casesText(removed, words),
    '',
    words.notes,
    '',
  ].join('\n');
}

function wipeText(wipe: WipeOfReport | null, words: ReportWords): readonly string[] {
  if (wipe === null) return [words.notOrdered];
  const ordered = wipe.orderedAt === null ? [] : [words.ordered(when(wipe.orderedAt))];
  if (wipe.acknowledgedAt !== null) {
    const lost = wipe.lost === null || wipe.lost === 0 ? [] : [words.lost(wipe.lost)];
    return [...ordered, words.acknowledged(when(wipe.acknowledgedAt), wipe.cases), ...lost];
  }
  const heard = wipe.heardAt === null ? words.notHeard : words.heard(when(wipe.heardAt));
  if (wipe.toldBy !== null && wipe.wipedAt !== null) return [...ordered, words.told(when(wipe.wipedAt))];
  return [...ordered, heard, words.outstanding];
}

function casesText(cases: readonly CaseOfReport[], words: ReportWords): readonly string[] {
  if (cases.length === 0) return [words.none];
  return cases.flatMap((one) => [
    one.number ?? one.case,
    ...caseLines(one, words).map((line) => `  ${line}`),
  ]);
}

function caseLines(one: CaseOfReport, words: ReportWords): readonly string[] {
  const isRemoved = one.state === 'removed';
  const written = one.changesWritten === 0 ? '' : `; ${words.written(one.changesWritten)}`;
  const given = words.given(when(one.firstAt), when(one.lastAt));
  return [
    `${words.entries(one.position, one.logPosition)}; ${given}${written}`,
    ...(one.role === null ? [] : [words.role(one.role)]),
    ...(one.opened === null ? [] : [words.opened(one.opened)]),
    ...(isRemoved ? [] : [words.heldUntil(limit(one.heldUntil, words))]),
    ...(one.takenAwayAt === null ? [] : [words.takenAway(when(one.takenAwayAt), isRemoved)]),
    ...(one.isDestroyed ? [words.destroyed] : []),
    ...one.leases.map(({ purpose, since, until, endedAt, endedBecause }) => {
      const out = words.checkedOut(purpose, when(since), when(until));
      return endedAt === null ? out : `${out}; ${words.ended(when(endedAt), endedBecause ?? '')}`;
    }),
    ...one.files.map(({ parts, partsHeld, sizeBytes, firstAt }) =>
      words.file(`${partsHeld}/${parts}`, (sizeBytes / mib).toFixed(1), when(firstAt)),
    ),
  ];
}

/** `2026-11-28 17:04 UTC`: whoever reads it may be anywhere. */
function when(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

function limit(instant: string | null, words: ReportWords): string {
  return instant === null ? words.noLimit : when(instant);
}
