/** Loaded before Electronegativity: it asks for the newest Electron, which must neither matter nor stop it. */
const dns = require('node:dns');

dns.lookup = /** @type {any} */ (
  /** @param {unknown[]} args */
  (...args) => {
    const answer = args.at(-1);
    if (typeof answer === 'function') answer(new Error('Electronegativity works offline'));
  }
);
