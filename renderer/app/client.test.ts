import { describe, expect, it } from 'vitest';
import { TmaError } from '../../shared/errors.ts';
import { createClient } from './client.ts';
import type { Transport } from './transport/transport.ts';

const silent: Transport = { call: () => Promise.reject(new Error('torn')), on: () => () => {} };

describe('the contract client', () => {
  it('turns a refusal into the error of the catalogue, with its params', async () => {
    const client = createClient(() => ({
      ...silent,
      call: async () => ({
        ok: false,
        error: { code: 'vault.wrong-passphrase', params: { attemptsLeft: 8 } },
      }),
    }));
    const refused = await client
      .call('session.unlock', { passphrase: 'x' })
      .catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(TmaError);
    expect(refused).toMatchObject({ code: 'vault.wrong-passphrase', params: { attemptsLeft: 8 } });
  });

  it('never rejects with anything else, whatever the transport throws', async () => {
    const failed = await createClient(() => silent)
      .call('session.get', {})
      .catch((thrown: unknown) => thrown);
    expect(failed).toMatchObject({ name: 'TmaError', code: 'internal' });
  });
});
