/**
 * How a demo case is written down: what happened, as a person would tell it, with times counted in days before
 * today. Tables keep the texts together; `play.ts` turns them into the edits that people would have made.
 */
import type { ConcernLevel } from '../../shared/domain/levels.ts';
import type { CaseStatus } from '../../shared/domain/workflow.ts';
import type { PersonKey } from './people.ts';

export interface DemoReport {
  /** How long ago it came in, in days; 0.1 is a little over two hours. */
  readonly ago: number;
  readonly channel: 'phone' | 'in-person' | 'e-mail' | 'portal';
  /** `null` for an anonymous report. */
  readonly reporter: string | null;
  readonly contact?: string;
  readonly who: string;
  readonly atRisk: string;
  readonly what: string;
  readonly where: string;
  readonly when: string;
  readonly behaviours: string;
  readonly emergency?: boolean;
}

export interface DemoAssessment {
  readonly ago: number;
  /** `null` while it is still being worked on. */
  readonly level: ConcernLevel | null;
  readonly rationale: string;
  /**
   * Rows `item | coding | change | numbers of the observations | note`. Items that are left out were looked at
   * without an indication.
   */
  readonly items: string;
}

/** A file that was added to the case; its ending says what it is made into. */
export interface DemoFile {
  readonly ago: number;
  readonly name: string;
  readonly source: string;
  readonly description: string;
  /** Of a letter or a mail. */
  readonly lines?: readonly string[];
}

export interface DemoCase {
  readonly language: 'de' | 'en';
  readonly site: 'Bonn' | 'Köln' | 'Leipzig' | 'Manchester';
  readonly status: CaseStatus;
  readonly title: string;
  readonly lead: PersonKey;
  readonly report: DemoReport;
  /** Why triage decided as it did; missing while nobody has. */
  readonly triage?: string;
  readonly imminent?: boolean;
  /** Rows `key | role | name | position | department | access | note`. */
  readonly people?: string;
  /** Rows `nature | days ago | reliability | behaviours | about | source | text`, in the order of recording. */
  readonly observations?: string;
  readonly assessments?: readonly DemoAssessment[];
  /** Rows `code | driver | owner | due in days | status | done days ago | effect | note`. */
  readonly measures?: string;
  /** Rows `days ago | text`. */
  readonly notes?: string;
  readonly files?: readonly DemoFile[];
  /** Written apart by two people, and not yet resolved. */
  readonly contested?: 'item' | 'measure' | 'observation';
}

/** The rows of a table; every row has exactly `columns` cells, empty ones are ''. Throws on a row that has not. */
export function rows(table: string | undefined, columns: number): readonly (readonly string[])[] {
  const lines = (table ?? '').split('\n').filter((row) => row.trim() !== '');
  return lines.map((row) => {
    const cells = row.split('|').map((cell) => cell.trim());
    if (cells.length !== columns) throw new Error(`${columns} cells wanted, ${cells.length} found: ${row}`);
    return cells;
  });
}

/** The words of a cell that lists several, separated by commas. */
export function list(cell: string | undefined): readonly string[] {
  return (cell ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
