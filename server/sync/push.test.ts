import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { newCaseId, received } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('push') });
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

describe('a push', () => {
  it('begins a case with its first change and gives it a number', async () => {
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    const { epoch } = world.service;
    const reply = await laptop.push(epoch, laptop.write(caseId, received()));
    expect(reply.body).toMatchObject({
      segments: [{ outcome: 'taken', changes: [{ n: 1, outcome: 'applied', position: 1 }] }],
    });
    const pulled = await laptop.pull(epoch);
    expect(pulled.body).toMatchObject({
      cases: [{ case: caseId, number: /^\d{4}-0001$/.exec(pulled.body.cases[0]?.number ?? '')?.[0] }],
    });
  });
});
