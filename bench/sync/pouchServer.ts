/** The peer's server: express-pouchdb on Express 4 (its changes feed breaks under 5), on LevelDB. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import expressPouchDb from 'express-pouchdb';
import PouchDB from 'pouchdb';

const [folder = ''] = process.argv.slice(2);
const app = express();
const Stored = PouchDB.defaults({ prefix: `${folder}/` });
app.use(
  '/',
  expressPouchDb(Stored, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: `${folder}/log.txt` }),
);
const server = app.listen(0, '127.0.0.1', () => undefined);
await once(server, 'listening');
const { port } = server.address() as AddressInfo; // a TCP server's address
process.send?.(port);
