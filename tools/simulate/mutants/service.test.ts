/** The simulation can fail: three defects that a service could have, put in between it and the database. */

import { CompiledQuery } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import type { CaseId } from '../../../shared/ids.ts';
import { currentCall } from '../gate.ts';
import { firstFinding, useStage } from '../testing.ts';

const stage = useStage();
const mostSeeds = 40;
const timeout = 240_000;

afterEach(() => {
  stage.store.gate.meddler = undefined;
  stage.store.handOut = undefined;
});

const addsToLog = (sql: string) => sql.includes('insert into changes');

it('finds a service that acknowledges before it commits', { timeout }, async () => {
  const adding = new WeakSet<object>();
  let pushes = 0;
  stage.store.gate.meddler = async (query, run) => {
    const call = currentCall.getStore();
    if (call !== undefined && addsToLog(query.sql)) adding.add(call);
    if (query.sql !== 'commit' || call === undefined || !adding.has(call)) return run();
    adding.delete(call);
    pushes += 1;
    if (pushes % 9 > 0) return run();
    // The answer is out; then the power goes.
    await run(CompiledQuery.raw('rollback'));
    await run(CompiledQuery.raw('begin'));
    return run();
  };
  const finding = await firstFinding(stage, mostSeeds, 'nothing is lost');
  expect(finding?.invariants, finding?.details).toContain('nothing is lost');
});

it('finds a service that numbers changes before it drops those it knows', { timeout }, async () => {
  const gaps = new Map<unknown, number>();
  stage.store.gate.meddler = async (query, run) => {
    const result = await run();
    const caseId = query.parameters[1];
    const isLock = query.sql.includes('from "cases"') && query.sql.includes('for update');
    if (isLock && gaps.has(caseId)) {
      const gap = gaps.get(caseId) ?? 0;
      gaps.delete(caseId);
      const rows = result.rows.map((row) => ({ ...(row as Row), position: (row as Row).position + gap }));
      return { ...result, rows };
    }
    // What came in again used up numbers of its own. The first row is the link before what came in.
    if (query.sql.includes('as wanted(first, last)') && query.sql.includes('c.device_id')) {
      const again = result.rows.length - 1;
      if (again > 0) gaps.set(query.parameters[3], again);
    }
    return result;
  };
  const finding = await firstFinding(stage, mostSeeds);
  expect(finding?.invariants, finding?.details).toContain('positions are gapless');
});

it('finds a service whose cursor is one sequence over all cases', { timeout }, async () => {
  let sequence = 0;
  const bySequence = new Map<CaseId, Map<number, number>>();
  stage.store.gate.meddler = async (query, run) => {
    if (addsToLog(query.sql)) {
      // The position that they follow on, and their ids as a list in binary, whose length is its fourth word.
      const [, caseId, , before, , ids] = query.parameters as readonly [
        unknown,
        CaseId,
        unknown,
        number,
        unknown,
        Buffer,
      ];
      const numbers = bySequence.get(caseId) ?? new Map<number, number>();
      for (let at = 1; at <= ids.readInt32BE(12); at++) numbers.set(before + at, ++sequence);
      bySequence.set(caseId, numbers);
    }
    return run();
  };
  /** How far a laptop is that shows this mark: it names only the cases that have moved since. */
  const atMark = new Map<string, number>();
  stage.store.handOut = (answer, request) => {
    const held = Object.entries(request.cursors).map(([caseId, { position }]) =>
      Math.max(
        0,
        ...[...(bySequence.get(caseId as CaseId) ?? [])].filter(([at]) => at <= position).map(([, n]) => n),
      ),
    );
    const before = 'since' in request ? atMark.get(request.since ?? '') : undefined;
    const cursor = Math.max(0, before ?? 0, ...held);
    const handed = answer.cases.flatMap(({ case: caseId, runs }) =>
      runs.flatMap((run) => run.entries.map(({ position }) => bySequence.get(caseId)?.get(position) ?? 0)),
    );
    if (answer.since !== undefined) atMark.set(answer.since, Math.max(cursor, ...handed));
    const isAhead = (caseId: CaseId, position: number) =>
      (bySequence.get(caseId)?.get(position) ?? 0) > cursor;
    const cases = answer.cases.filter(({ case: caseId, runs }) => {
      const entries = runs.flatMap((run) => run.entries);
      // A case that is new here comes whole.
      return (
        request.cursors[caseId as CaseId] === undefined ||
        entries.some(({ position }) => isAhead(caseId, position))
      );
    });
    return { ...answer, cases };
  };
  const finding = await firstFinding(stage, mostSeeds);
  expect(finding?.invariants, finding?.details).toContain('everybody has the same log');
});

interface Row {
  readonly position: number;
}
