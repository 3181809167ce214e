/** Parts of files between a laptop and the service: bytes, each request proved as any other, on a line that fails. */
import type { BlobPart, BlobService } from '../../electron/core/service/client.ts';
import { type BlobContext, blobState, getPart, putPart } from '../../server/blobs/exchange.ts';
import { TmaError } from '../../shared/errors.ts';
import { Crash } from './gate.ts';
import type { SimLaptop } from './laptop.ts';
import type { Proven } from './service.ts';
import type { World } from './world.ts';

const pathOf = ({ blob, part }: BlobPart) => `/v1/blobs/${blob}/parts/${part}`;

interface Request<T> {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly bytes?: Uint8Array;
  readonly act: (context: BlobContext, asker: Proven) => Promise<T>;
}

export function blobsOver({ service, aside }: World, laptop: SimLaptop, isCalm: boolean): BlobService {
  const once = async <T>({ method, path, bytes, act }: Request<T>): Promise<T> => {
    const caller = { id: laptop.owner.deviceId, signer: laptop.signer };
    const fault = !isCalm && aside.is(6) ? { at: aside.between(1, 14), when: 'before' as const } : undefined;
    try {
      return await service.handle(fault === undefined ? {} : { fault }, async () =>
        act(service.blobs, await service.prove(caller, { method, path, body: bytes ?? new Uint8Array() })),
      );
    } catch (thrown) {
      if (thrown instanceof Crash) throw new TmaError('service.unreachable');
      throw thrown;
    }
  };
  const ask = async <T>(request: Request<T>): Promise<T> => {
    const kind = isCalm ? 100 : aside.between(1, 100);
    if (kind <= 10) throw new TmaError('service.unreachable');
    const answer = await once(request);
    if (kind <= 18) throw new TmaError('service.unreachable');
    return answer;
  };
  return {
    state: (blob) =>
      ask({
        method: 'GET',
        path: `/v1/blobs/${blob}`,
        act: (context, asker) => blobState(context, asker, blob),
      }),
    put: (place, bytes) =>
      ask({
        ...{ method: 'PUT', path: pathOf(place), bytes },
        act: (context, asker) => putPart(context, asker, { ...place, bytes }),
      }),
    get: (place) =>
      ask({
        method: 'GET',
        path: pathOf(place),
        act: (context, asker) => getPart(context, asker, place),
      }),
  };
}
