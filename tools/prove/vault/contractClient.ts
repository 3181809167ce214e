/** Speaks the contract as a window does: token, cookie, socket. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { answerMessageSchema } from '../../../shared/contract/messages.ts';
import type { InputOf, OutputOf, ProcedureName } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';

export interface ContractClient {
  /** @throws TmaError the answer's. */
  call<N extends ProcedureName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  close(): void;
}

export async function connectTo(url: string): Promise<ContractClient> {
  const { origin, host } = new URL(url);
  const first = await fetch(url, { redirect: 'manual' });
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${host}/contract`, { origin, headers: { cookie } });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  socket.on('message', (data) => {
    const answer = answerMessageSchema.parse(JSON.parse(String(data)));
    if (answer.type === 'event') return;
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.type === 'value') asked?.resolve(answer.value);
    else asked?.reject(new TmaError(answer.error.code, answer.error.params));
  });
  await once(socket, 'open');
  return {
    call<N extends ProcedureName>(procedure: N, input: InputOf<N>) {
      const id = ++lastId;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(id, answer);
      socket.send(JSON.stringify({ type: 'call', id, procedure, input }));
      // The case process checks every answer against the contract.
      return answer.promise as Promise<OutputOf<N>>;
    },
    close: () => socket.close(),
  };
}
