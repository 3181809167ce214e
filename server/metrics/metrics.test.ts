import { describe, expect, it } from 'vitest';
import { emfLine } from './emf.ts';
import { Metrics, metricUnits, spread } from './metrics.ts';
import { readingOf } from './observe.ts';

describe('what is counted', () => {
  it('is requests, failures, latency without waiting, refused logins and how long edits lay', () => {
    const metrics = new Metrics();
    metrics.request({ status: 200, durationMs: 5, waited: false });
    metrics.request({ status: 503, durationMs: 7, waited: false });
    metrics.request({ status: 200, durationMs: 55_000, waited: true });
    metrics.failedLogin();
    metrics.pushed(1_000, 61_000);
    metrics.pushed(90_000, 61_000);
    expect(metrics.take()).toEqual({
      Requests: 3,
      ServerErrors: 1,
      FailedLogins: 1,
      Latency: [5, 7],
      SyncLag: [0, 60],
    });
    expect(metrics.take()).toMatchObject({ Requests: 0, Latency: [] });
  });

  it('keeps the percentiles of many values in a hundred, the greatest among them', () => {
    const values = Array.from({ length: 5_000 }, (_, at) => at + 1);
    const kept = spread(values);
    expect(kept).toHaveLength(100);
    expect([kept[0], kept[49], kept[98], kept[99]]).toEqual([50, 2_500, 4_950, 5_000]);
  });
});

describe('the line CloudWatch reads', () => {
  it('names each metric with its unit, leaves out what has no values, and holds nothing but numbers', () => {
    const line = emfLine('TMA/prod', { Requests: 3, Latency: [], SyncLag: [0, 60] }, 1_700_000_000_000);
    expect(line).toEqual({
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'TMA/prod',
            Dimensions: [[]],
            Metrics: [
              { Name: 'Requests', Unit: 'Count' },
              { Name: 'SyncLag', Unit: 'Seconds' },
            ],
          },
        ],
      },
      Requests: 3,
      SyncLag: [0, 60],
    });
  });
});

describe('the reading of a minute', () => {
  const surroundings = {
    metrics: new Metrics(),
    pool: () => ({ connections: 4, waiting: 1 }),
    countBreaches: async () => 2,
    deepCheck: async () => undefined,
    write: () => undefined,
  };

  it('says how the database, the keys and the deadlines are', async () => {
    expect(await readingOf(surroundings)).toMatchObject({
      ...{ DeepCheck: 1, DeadlineBreaches: 2, PoolConnections: 4, PoolWaiting: 1 },
    });
  });

  it('says how late the witness is, where one is kept', async () => {
    const reading = await readingOf({ ...surroundings, witnessAge: async () => 4_000 });
    expect(reading).toMatchObject({ WitnessAge: 4_000 });
    expect(await readingOf(surroundings)).not.toHaveProperty('WitnessAge');
  });

  it('says so when something the service leans on does not answer', async () => {
    const failing = { ...surroundings, deepCheck: () => Promise.reject(new Error('gone')) };
    const reading = await readingOf(failing);
    expect(reading).toMatchObject({ DeepCheck: 0 });
    expect(reading).not.toHaveProperty('DeadlineBreaches');
  });

  it('has a metric for every alarm that looks into the service', () => {
    expect(Object.keys(metricUnits)).toEqual(
      expect.arrayContaining([
        'ServerErrors',
        'Latency',
        'FailedLogins',
        'SyncLag',
        'DeadlineBreaches',
        'WitnessAge',
        'PoolWaiting',
        'DeepCheck',
      ]),
    );
  });
});
