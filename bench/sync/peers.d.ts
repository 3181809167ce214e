/** The part of the measured peers that is used; the packages bring no types, or types of other packages. */
declare module 'pouchdb' {
  interface Replicated {
    readonly ok: boolean;
    readonly docs_written: number;
  }
  interface Replicating {
    to(remote: PouchDB, options: { batch_size: number }): Promise<Replicated>;
    from(remote: PouchDB, options: { batch_size: number }): Promise<Replicated>;
  }
  export default class PouchDB {
    constructor(name: string, options?: { fetch: typeof fetch });
    static fetch: typeof fetch;
    static defaults(options: { prefix: string }): typeof PouchDB;
    readonly replicate: Replicating;
    bulkDocs(docs: readonly object[]): Promise<readonly object[]>;
    close(): Promise<void>;
  }
}

declare module 'express-pouchdb' {
  import type { RequestListener } from 'node:http';
  import type PouchDB from 'pouchdb';
  export default function expressPouchDb(
    Server: typeof PouchDB,
    options: { mode: 'minimumForPouchDB'; inMemoryConfig: boolean; logPath: string },
  ): RequestListener;
}

declare module 'express' {
  import type { RequestListener, Server } from 'node:http';

  interface Express {
    use(path: string, handler: RequestListener): void;
    listen(port: number, host: string, ready: () => void): Server;
  }
  export default function express(): Express;
}
