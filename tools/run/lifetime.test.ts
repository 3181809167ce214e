import { describe, expect, it, vi } from 'vitest';
import { createLifetime } from './lifetime.ts';

describe('what a command has started', () => {
  it('is stopped once, the last first, each after the other has stopped', async () => {
    const lifetime = createLifetime();
    const journal: string[] = [];
    const stop = (name: string) => async () => {
      journal.push(`stopping ${name}`);
      await new Promise((resume) => setTimeout(resume, 5));
      journal.push(`${name} stopped`);
    };
    await lifetime.started('database', stop('database'));
    await lifetime.started('service', stop('service'));
    lifetime.end('');
    lifetime.end('');
    await lifetime.ended;
    expect(journal).toEqual(['stopping service', 'service stopped', 'stopping database', 'database stopped']);
  });

  it('is stopped even if something else fails to stop, or never does', async () => {
    const lifetime = createLifetime(20);
    const database = vi.fn();
    await lifetime.started('database', database);
    await lifetime.started('service', () => Promise.reject(new Error('broken')));
    await lifetime.started('window', () => new Promise(() => undefined));
    lifetime.end('');
    await lifetime.ended;
    expect(database).toHaveBeenCalledOnce();
  });

  it('is stopped at once if it comes up while the end has begun', async () => {
    const lifetime = createLifetime();
    lifetime.end('');
    expect(lifetime.signal.aborted).toBe(true);
    const late = vi.fn();
    await lifetime.started('late', late);
    expect(late).toHaveBeenCalledOnce();
  });
});
