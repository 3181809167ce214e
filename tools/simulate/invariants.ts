/** What has to hold after a run, whatever happened in it. Each says its name when it does not. */
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId, RecordId } from '../../shared/ids.ts';
import { readChange } from '../../shared/sync/change.ts';
import { emptyLog, extendLog, isHeadSigned } from '../../shared/sync/log.ts';
import { signSegment } from '../../shared/sync/segment.ts';
import { sealedIn } from './contents.ts';
import type { SimLaptop } from './laptop.ts';
import { casesOf, heldOf, idsIn, logOf, outboxOf, tablesHolding, wronglyShown } from './look.ts';
import { difference, standingIn, standingOf } from './oracle.ts';
import type { World } from './world.ts';

/** A laptop shows what the log and its own pending edits add up to, at every moment. */
export async function checkShown(world: World, laptop: SimLaptop, after: string): Promise<void> {
  for (const caseId of await casesOf(laptop)) {
    const wrong = await wronglyShown(laptop, caseId);
    if (wrong !== undefined)
      world.violate('shows what it holds', `${laptop.name}, after "${after}": ${wrong}`);
  }
}

export async function checkAll(world: World): Promise<void> {
  const logs = await readLogs(world);
  for (const [caseId, log] of logs) await checkLog(world, caseId, log);
  await checkNothingLost(world, logs);
  for (const laptop of world.laptops) if (laptop.fate !== 'gone') await checkLaptop(world, laptop, logs);
  await checkRepeats(world, logs);
}

interface Line {
  readonly case_id: CaseId;
  readonly position: number;
  readonly head: string;
  readonly device_id: string;
  readonly n: number;
  readonly hash: Buffer;
  readonly running: Buffer;
  readonly status: 'applied' | 'quarantined';
  readonly effective_ms: string;
  readonly effective_count: string;
  readonly received_ms: string;
  /** Its content was withheld by its author, who sealed it. */
  readonly is_sealed: boolean;
}

type Logs = ReadonlyMap<CaseId, readonly Line[]>;

async function readLogs({ store, service }: World): Promise<Logs> {
  const rows = await store.inspect<Line>(
    `select case_id, position, head, device_id, n, hash, running, status, effective_ms, effective_count,
      received_ms, length(sealed) = 0 as is_sealed from changes where tenant_id = $1 order by case_id, position`,
    [service.tenant],
  );
  return Map.groupBy(rows, (row) => row.case_id);
}

/** Positions without gaps, running hashes that follow, chains without gaps, a head that is signed. */
async function checkLog(world: World, caseId: CaseId, log: readonly Line[]): Promise<void> {
  let head = emptyLog;
  const chains = new Map<string, number>();
  for (const line of log) {
    const changeHash = toBase64Url(line.hash);
    const effective = [Number(line.effective_ms), Number(line.effective_count)] as const;
    const arrival = { changeHash, status: line.status, effective, receivedAtMs: Number(line.received_ms) };
    head = extendLog(head, arrival, nodeCrypto);
    if (line.position !== head.position)
      world.violate('positions are gapless', `${caseId} at ${line.position}`);
    if (toBase64Url(line.running) !== head.running)
      world.violate('running hashes follow', `${caseId} at ${line.position}`);
    const n = (chains.get(line.device_id) ?? 0) + 1;
    if (line.n !== n) world.violate('chains are gapless', `${caseId}: ${line.n} after ${n - 1}`);
    chains.set(line.device_id, line.n);
  }
  const [row] = await world.store.inspect<{ position: number; running: Buffer; sig: Buffer; moved: number }>(
    `select h.position, h.running, h.sig, c.position as moved from cases c left join signed_heads h
      on h.case_id = c.case_id and h.tenant_id = c.tenant_id and h.position = c.position
      where c.tenant_id = $1 and c.case_id = $2`,
    [world.service.tenant, caseId],
  );
  const signed =
    row?.sig != null && // a head that is missing in the join
    isHeadSigned(
      { case: caseId, position: row.position, running: toBase64Url(row.running), sig: toBase64Url(row.sig) },
      world.store.serviceKeys.signer.publicKey,
      nodeCrypto,
    );
  if (!signed || row.position !== head.position)
    world.violate('heads are signed', `${caseId} at ${head.position}, case row at ${row?.moved}`);
}

/** Every edit that was committed can be read in the log, in a sealed packet or on a laptop; or went with one that was lost. */
async function checkNothingLost(world: World, logs: Logs): Promise<void> {
  const lines = [...logs.values()].flat().filter((line) => !line.is_sealed);
  const logged = new Set(lines.flatMap((line) => idsIn(line.head)));
  const sealed = await sealedIn(world);
  const waiting = new Set<string>();
  for (const laptop of world.laptops) {
    if (laptop.fate === 'gone') continue;
    for (const { ids, status } of await outboxOf(laptop))
      if (status !== 'acked') for (const id of ids) waiting.add(id);
    for (const line of await heldOf(laptop)) waiting.add(line.split(' ')[0] ?? '');
  }
  for (const [id, caseId] of world.committed) {
    if (!logged.has(id) && !waiting.has(id) && !sealed.has(id) && !world.excused.has(id))
      world.violate('nothing is lost', `change ${id} of case ${caseId} is nowhere`);
  }
}

async function mayHold({ store, service }: World, { owner }: SimLaptop): Promise<ReadonlySet<CaseId>> {
  const rows = await store.inspect<{ case_id: CaseId }>(
    `select g.case_id from grants g where g.tenant_id = $1 and g.user_id = $2 and g.revoked_at is null
      and (g.until is null or g.until > $3)
    union select i.case_id from case_index i where i.tenant_id = $1 and $4 = 'intake'
      and i.status in ('received', 'triage', 'rejected', 'referred')`,
    [service.tenant, owner.userId, new Date(service.nowMs), owner.userRole],
  );
  return new Set(rows.map((row) => row.case_id));
}

async function checkLaptop(world: World, laptop: SimLaptop, logs: Logs): Promise<void> {
  const { name } = laptop;
  const isForked = [...world.forked].some((one) => one.startsWith(`${name} `));
  const { unsent } = await laptop.core.log.state();
  if (unsent > 0)
    world.violate('drains by itself', `${name} still holds ${unsent} changes (${laptop.lastError})`);
  if (laptop.lastError !== undefined && !isForked)
    world.violate('drains by itself', `${name} ends with ${laptop.lastError}`);
  const held = await heldOf(laptop);
  if (held.length > 0)
    world.violate('a restored service gets everything back', `${name} still holds ${held.join(', ')}`);
  const may = await mayHold(world, laptop);
  for (const caseId of logs.keys()) {
    if (!may.has(caseId)) {
      const tables = await tablesHolding(laptop, caseId);
      if (tables.length > 0)
        world.violate('nobody holds a case they lost', `${name}: ${caseId} in ${tables.join()}`);
    } else await checkCase(world, laptop, { caseId, log: logs.get(caseId) ?? [] });
  }
}

async function checkCase(
  world: World,
  laptop: SimLaptop,
  { caseId, log }: { readonly caseId: CaseId; readonly log: readonly Line[] },
): Promise<void> {
  const here = (await logOf(laptop, caseId)).map(
    ({ position, hash, status }) => `${position} ${hash} ${status}`,
  );
  const there = log.map(({ position, hash, status }) => `${position} ${toBase64Url(hash)} ${status}`);
  const isSame = here.join() === there.join();
  if (world.forked.has(`${laptop.name} ${caseId}`)) {
    if (!isSame && laptop.lastError !== 'service.log-contradicts')
      world.violate(
        'tampering is detected',
        `${laptop.name} does not know that its past of ${caseId} is another`,
      );
    return;
  }
  // The log holds every change with its content, so whatever was overwritten can be read again.
  if (!isSame)
    world.violate(
      'everybody has the same log',
      `${laptop.name}: ${caseId}, ${here.length} of ${there.length}`,
    );
}

/** The service's own records are what its log adds up to, and handing everything in again changes nothing. */
async function checkRepeats(world: World, logs: Logs): Promise<void> {
  for (const laptop of world.laptops) {
    if (laptop.fate !== 'working') continue;
    for (const caseId of await casesOf(laptop)) {
      if (world.forked.has(`${laptop.name} ${caseId}`)) continue;
      await checkServiceShows(world, laptop, caseId);
      await repeat(world, laptop, caseId);
    }
  }
  const count = [...logs.values()].flat().length;
  const after = [...(await readLogs(world)).values()].flat().length;
  if (after !== count)
    world.violate('pushes are idempotent', `${after - count} changes more after handing in again`);
}

async function repeat(world: World, laptop: SimLaptop, caseId: CaseId): Promise<void> {
  const draft = await laptop.core.log.ownRun(caseId, 1, { maxChanges: 500, maxBytes: 1024 * 1024 });
  if (draft === undefined) return;
  const segments = [signSegment(draft, laptop.signer, nodeCrypto)];
  const answer = await laptop.line.push(
    { epoch: world.service.epoch, segments },
    new AbortController().signal,
  );
  const outcome = answer.segments[0];
  if (outcome?.outcome !== 'taken' || outcome.changes.some((change) => change.outcome !== 'duplicate'))
    world.violate('pushes are idempotent', `${laptop.name}: ${caseId} ${JSON.stringify(outcome)}`);
}

async function checkServiceShows(world: World, laptop: SimLaptop, caseId: CaseId): Promise<void> {
  const { store, service } = world;
  const [file] = await store.inspect<{ wrapped_key: Buffer }>(
    'select wrapped_key from cases where tenant_id = $1 and case_id = $2',
    [service.tenant, caseId],
  );
  if (file === undefined) return world.violate('nothing is lost', `case ${caseId} is not on the service`);
  const cipher = await service.context.caseKeys.open(service.tenant, caseId, file.wrapped_key);
  const rows = await store.inspect<{ record_id: RecordId; state: Buffer }>(
    'select record_id, state from records where tenant_id = $1 and case_id = $2',
    [service.tenant, caseId],
  );
  const states = rows.map(({ record_id, state }) => [record_id, cipher.openState(state, record_id)] as const);
  const logged = await laptop.core.vault.db
    .selectFrom('log')
    .select(['head', 'payload', 'salt'])
    .where('case_id', '=', caseId)
    .where('status', '=', 'applied')
    .execute();
  const wrong = difference(standingIn(states), standingOf(logged.map(readChange)));
  if (wrong !== undefined) world.violate('the service shows what its log says', `${caseId}: ${wrong}`);
}
