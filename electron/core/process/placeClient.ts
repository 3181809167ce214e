/** The core's end of choosing a place for a file: the dialog is the host's, because the window is. */
import type { CoreToHost, FilePlace, HostToCore, PlaceRequest } from './control.ts';

type PlaceAnswer = Extract<HostToCore, { type: 'file-place' }>;

export interface PlaceClient {
  choose(request: PlaceRequest): Promise<FilePlace | null>;
  /** Called with each answer of the host. */
  settle(answer: PlaceAnswer): void;
}

export function placeClient(send: (message: CoreToHost) => void): PlaceClient {
  let lastId = 0;
  const waiting = new Map<number, (place: FilePlace | null) => void>();
  return {
    choose(request) {
      const id = ++lastId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        send({ type: 'file-place-wanted', id, ...request });
      });
    },
    settle({ id, place }) {
      waiting.get(id)?.(place);
      waiting.delete(id);
    },
  };
}
