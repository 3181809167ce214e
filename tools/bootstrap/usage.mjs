/** Every command and flag, in one place: the bootstrap prints it before anything is installed. */

/**
 * @typedef {object} Command
 * @property {string} script what is run, on the project's own Node
 * @property {boolean} builds whether it needs the bundles
 * @property {string} usage
 */

/** @type {Readonly<Record<string, Command>>} */
export const commands = {
  start: {
    script: 'tools/start.ts',
    builds: true,
    usage: `npm start [-- FLAGS]

  The whole product on this machine: installs and builds what is missing, starts PostgreSQL and the
  central service (TLS from a local authority), loads demo data the first time, starts the workstation
  and prints how to sign in. Ctrl+C stops everything that it started.

  --host electron|preview  where the workstation runs: in Electron, or in a browser. Left out: Electron
                           where a runtime is installed, else a browser.
  --profile NAME           which laptop this is (default: first). Beside a service that already runs,
                           another name is a second laptop of the same organisation.
  --port N                 port of the address to open in the browser (default: a free one)
  --service-port N         port of the central service (default: a free one, then always the same)
  --no-open                print the address, open no window
  --no-demo                do not load demo data
  --reset                  begin anew: deletes the service's database, its authority and every laptop
                           under .tma first
  --help                   this text

  TMA_HOME                 folder for the data of service and laptops instead of .tma
  TMA_BROWSER              the browser to open
  DATABASE_URL             a PostgreSQL of your own instead of the embedded one
  ELECTRON_OVERRIDE_DIST_PATH
                           folder of an Electron runtime`,
  },
  server: {
    script: 'tools/server.ts',
    builds: false,
    usage: `npm run server [-- FLAGS]

  The central service alone, on the embedded PostgreSQL or on DATABASE_URL.

  --service-port N         its port (default: a free one, then always the same)
  --no-demo                do not load demo data
  --reset                  begin anew, as in npm start
  --help                   this text`,
  },
  workstation: {
    script: 'tools/workstation.ts',
    builds: true,
    usage: `npm run workstation [-- FLAGS]

  One more workstation beside a central service that already runs.

  --profile NAME           which laptop this is (default: second)
  --host electron|preview  as in npm start
  --port N                 as in npm start
  --no-open                as in npm start
  --help                   this text`,
  },
  test: {
    script: 'tools/test.ts',
    builds: false,
    usage: `npm test [-- FLAGS]

  Everything that can be checked, in this order: types, lint, layering, dead code, unit, build,
  integration (real PostgreSQL, real SQLCipher), end-to-end (real Chromium).
  The last line is "N passed, N failed".

  --only NAME[,NAME]       only these steps, and what they need: types, lint, layering, deadcode, unit,
                           build, integration, e2e
  --bail                   stop after the first step that fails
  --help                   this text`,
  },
  bench: {
    script: 'tools/bench.ts',
    builds: false,
    usage: `npm run bench [-- NAME [ARGS]]

  Measurements, each against its peer in the same run; NAME is a file of the folder bench (vault, sync,
  merge, …), left out: all of them. Tables are appended to bench/results.`,
  },
  'prove:vault': {
    script: 'tools/prove/vault.ts',
    builds: true,
    usage: `npm run prove:vault [-- FLAGS]

  The long proofs of the vault: texts planted in every field are looked for in every file and in the
  memory of the host after the lock; programs are killed at random while they edit, attach, change the
  passphrase, renew the key and migrate. Appends its table to bench/results.

  --cases N                cases in which texts are planted (default: 40)
  --kills N                programs killed (default: 220)
  --seed N                 repeats the moments of the kills
  --help                   this text`,
  },
  screenshots: {
    script: 'tools/screenshots.ts',
    builds: true,
    usage: `npm run screenshots

  Makes docs/screenshots: every screen, light and dark, from the demo data, in a real Chromium.

  --only NAME[,NAME]       only these screens
  --help                   this text`,
  },
};

/** What `node tools/bootstrap.mjs --help` prints. */
export const overview = `TMA Workstation

${Object.values(commands)
  .map(({ usage }) => usage)
  .join('\n\n\n')}


node tools/bootstrap.mjs

  Installs what is missing and nothing else.
`;
