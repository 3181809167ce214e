/** The peer's laptop: PouchDB on LevelDB, which replicates to a CouchDB-compatible server. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import PouchDB from 'pouchdb';
import { carryOut } from './process.ts';
import { noteText, type Size, type Weighed } from './workload.ts';

export type PouchOrder =
  | ({ readonly name: 'write' } & Size)
  | { readonly name: 'push' }
  | { readonly name: 'first' }
  /** Answers with the bytes of the first bodies of what went before. */
  | { readonly name: 'weigh' };

const [folder = '', url = ''] = process.argv.slice(2);
const here = new (PouchDB.defaults({ prefix: `${folder}/` }))('laptop');
/** The bodies that were sent, the first ones: it sends them as they are, and what gzip would make of them is of interest. */
const bodies: string[] = [];
const remote = new PouchDB(url, {
  fetch(to, how) {
    if (bodies.length < 20 && typeof how?.body === 'string') bodies.push(how.body);
    return PouchDB.fetch(to, how);
  },
});
/** As many as go into one of our pushes; with its default of 100 it is slower. */
const options = { batch_size: 500 };
const device = randomUUID();

async function write({ cases, changesPerCase }: Size): Promise<void> {
  for (let at = 0; at < cases; at++) {
    const of = randomUUID();
    const docs = Array.from({ length: changesPerCase }, (_, n) => ({
      ...{ _id: randomUUID(), kind: 'note', case: of, device, at: [Date.now(), n] },
      text: noteText(at, n),
    }));
    await here.bulkDocs(docs);
  }
}

function weigh(): Pick<Weighed, 'rawBytes' | 'packedBytes'> {
  return {
    rawBytes: bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0),
    packedBytes: bodies.reduce((sum, body) => sum + gzipSync(body, { level: 4 }).length, 0),
  };
}

carryOut<PouchOrder>(async (order) => {
  if (order.name === 'write') return write(order);
  if (order.name === 'weigh') return weigh();
  const { replicate } = here;
  const done =
    order.name === 'push' ? await replicate.to(remote, options) : await replicate.from(remote, options);
  return done.docs_written;
});
