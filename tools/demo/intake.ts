/** How a report is taken and triaged, as the workstation's intake does it. */
import { reassessAfterDays } from '../../shared/domain/levels.ts';
import type { Json } from '../../shared/json.ts';
import { hourMs, iso, minuteMs } from './calendar.ts';
import type { Edit } from './caseFile.ts';
import { adding, type Deed, inLanguageOf, ofCase, type Scene, secondOf, userOf, wasOpened } from './scene.ts';
import { list } from './script.ts';

const purpose = {
  de: 'Schutz der Beschäftigten vor Gewalt am Arbeitsplatz und Hilfe für alle Beteiligten',
  en: 'Protection of employees from violence at work and help for everyone involved',
};
const legalBasis = {
  germany: {
    de: 'Art. 6 Abs. 1 lit. f DSGVO in Verbindung mit § 618 BGB und § 3 ArbSchG',
    en: 'Art. 6(1)(f) GDPR with section 618 Civil Code and section 3 Occupational Safety and Health Act',
  },
  britain: {
    de: 'Art. 6 Abs. 1 lit. f UK GDPR, section 2 Health and Safety at Work etc. Act 1974',
    en: 'Art. 6(1)(f) UK GDPR, section 2 Health and Safety at Work etc. Act 1974',
  },
};

export function intakeDeeds(scene: Scene): readonly Deed[] {
  const { script, receivedMs } = scene;
  const deeds: Deed[] = [{ atMs: receivedMs + 2 * minuteMs, act: (atMs) => takeReport(scene, atMs) }];
  if (script.status === 'received') return deeds;
  deeds.push({ atMs: receivedMs + 9 * minuteMs, act: (atMs) => beginTriage(scene, atMs) });
  if (script.status === 'triage') return deeds;
  const decide = wasOpened(script) ? openCase : endInTriage;
  deeds.push({ atMs: scene.openedMs, act: (atMs) => decide(scene, atMs) });
  if (wasOpened(script)) {
    deeds.push({ atMs: scene.openedMs + 25 * minuteMs, act: (atMs) => invite(scene, atMs) });
  }
  return deeds;
}

function takeReport(scene: Scene, atMs: number): void {
  const { script, file, receivedMs } = scene;
  const { report } = script;
  const fields = {
    channel: report.channel,
    receivedAt: iso(receivedMs),
    takenBy: userOf('intake'),
    anonymous: report.reporter === null,
    reporterName: report.reporter ?? undefined,
    reporterContact: report.contact,
    who: report.who,
    whoIsAtRisk: report.atRisk,
    what: report.what,
    where: report.where,
    when: report.when,
    behaviours: adding(list(report.behaviours)),
    emergency: report.emergency ?? false,
  };
  const taken: Edit = { record: file.newRecord(), kind: 'report', values: fields };
  file.write({ by: 'intake', atMs }, ofCase(scene, { status: 'received' }), taken);
  const { title, site } = script;
  file.write({ by: 'intake', atMs: atMs + minuteMs }, ofCase(scene, { title, site }));
}

function beginTriage(scene: Scene, atMs: number): void {
  scene.file.write({ by: 'intake', atMs }, ofCase(scene, { status: 'triage' }));
}

function endInTriage(scene: Scene, atMs: number): void {
  const { status, triage } = scene.script;
  const triageOutcome = status === 'rejected' ? 'reject' : 'refer';
  scene.file.write({ by: 'intake', atMs }, ofCase(scene, { status, triageOutcome, triageReason: triage }));
}

function openCase(scene: Scene, atMs: number): void {
  const { script, file } = scene;
  const law = script.site === 'Manchester' ? legalBasis.britain : legalBasis.germany;
  const opened = {
    status: 'gathering',
    triageOutcome: 'open',
    triageReason: script.triage,
    lead: userOf(script.lead),
    purpose: inLanguageOf(scene, purpose),
    legalBasis: inLanguageOf(scene, law),
    openedAt: iso(atMs),
  };
  const { lead } = script;
  const second = secondOf(script);
  file.write(
    { by: 'intake', atMs },
    ofCase(scene, opened),
    member(scene, { user: userOf(lead), role: 'lead' }),
    member(scene, { user: userOf(second), role: 'specialist' }),
  );
}

/** The lead completes the team, and raises the alarm where someone is in danger. */
function invite(scene: Scene, atMs: number): void {
  const { script, file, calendar } = scene;
  const runs = script.status === 'managing';
  const until = runs ? iso(calendar.nowMs + 90 * 24 * hourMs) : undefined;
  const turn = { by: script.lead, atMs };
  file.write(turn, member(scene, { user: userOf('hr'), role: 'member', until }));
  if (!['gathering'].includes(script.status)) {
    file.write(turn, member(scene, { user: userOf('reviewer'), role: 'reviewer' }));
  }
  if (script.imminent === true) {
    const level = 'high';
    const reassessBy = calendar.dayFromToday(reassessAfterDays[level] - 1);
    file.write(
      turn,
      ofCase(scene, {
        imminent: true,
        level,
        levelRationale: script.triage,
        levelSince: iso(atMs),
        reassessBy,
      }),
    );
  }
}

function member({ file }: Scene, values: Readonly<Record<string, Json | undefined>>): Edit {
  return { record: file.newRecord(), kind: 'member', values };
}
