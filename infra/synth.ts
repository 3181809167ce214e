/**
 * `npm run synth`: makes the CloudFormation templates from the code, judges them, and compares them with the committed
 * ones, which are what is reviewed and deployed.
 *
 *   npm run synth                 exit 1 on a broken rule or when the committed templates are not what the code makes
 *   npm run synth -- --update     accept what the code makes
 *   … --update --lose-data        even if something that holds data would go or be replaced
 */
import { parseArgs } from 'node:util';
import { compare, lost } from './snapshot/compare.ts';
import { readCommitted, templatesIn, writeFiles } from './snapshot/files.ts';
import { render } from './snapshot/render.ts';
import { synthesize } from './snapshot/synthesize.ts';

const { values } = parseArgs({
  options: { update: { type: 'boolean', default: false }, 'lose-data': { type: 'boolean', default: false } },
});

try {
  process.exitCode = run();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function run(): number {
  const made = synthesize();
  const files = render(made);
  const committed = readCommitted();
  const differences = compare(committed, files);
  const stacks = Object.keys(made.templates).length;
  const resources = Object.values(made.templates).flatMap(({ Resources }) => Object.keys(Resources)).length;
  say(
    `${stacks} stacks, ${resources} resources; cdk-nag and CloudFormation validation: clean, ${made.acknowledged.length} findings acknowledged.`,
  );
  if (differences.length === 0) {
    say('The committed templates are what the code makes.');
    return 0;
  }
  for (const { file, what, line } of differences)
    say(`  ${file} ${what}${line === undefined ? '' : `, from line ${line}`}`);
  const gone = lost(templatesIn(committed), made.templates);
  for (const each of gone) say(`  HOLDS DATA and would go or be replaced: ${each}`);
  if (!values.update) {
    say('Look at the change, then accept it with: npm run synth -- --update');
    return 1;
  }
  if (gone.length > 0 && !values['lose-data']) {
    say('Not accepted. If this is really meant: npm run synth -- --update --lose-data');
    return 1;
  }
  writeFiles(committed, files);
  say('Accepted.');
  return 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
