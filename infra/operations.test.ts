/** docs/operations.md fits what is deployed: its commands, its parameters, its runbooks. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operatorParameters, secretParameters } from './kit/parameters.ts';
import { runbookFile } from './kit/runbook.ts';
import { stackOrder } from './pipeline/actions.ts';
import { openShell, type Shell } from './testing/shell.test-support.ts';
import {
  all,
  committed,
  dig,
  flat,
  projectFile,
  stageNames,
  templateOf,
  templates,
} from './testing/snapshot.test-support.ts';

const page = projectFile(runbookFile);
const blocksOf = (text: string) =>
  [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
const section = (title: string) => page.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

let shell: Shell;
beforeEach(() => {
  shell = openShell();
});
afterEach(() => shell.remove());

describe('the commands of the page', () => {
  it.each(blocksOf(page).map((block) => [block.split('\n')[0] ?? '', block]))(
    'are shell: %s',
    (_first, block) => {
      const { code, output } = shell.run(`set -n\n${block}`);
      expect(output).toBe('');
      expect(code).toBe(0);
    },
  );

  const deployed = (stage: string) => {
    shell.standIn('aws', {
      'describe-stacks': 'echo value-of-an-output',
      'put-parameter': 'if [[ "$*" == *stdin* ]]; then cat > /dev/null; fi',
    });
    shell.standIn('openssl', { rand: 'echo secret' });
    shell.standIn('uuidgen', {});
    const script = blocksOf(section('Deploy')).join('\n').replace('STAGE=staging', `STAGE=${stage}`);
    const ran = shell.run(`set -euo pipefail\n${script}`);
    expect(ran.output).not.toMatch(/error|command not found|unbound/i);
    expect(ran.code).toBe(0);
    return ran.calls.split('\n');
  };

  it.each(stageNames)(
    'deploy by hand what the pipeline does not, with what each template asks for: %s',
    (stage) => {
      const calls = deployed(stage).filter((call) => call.includes('cloudformation deploy'));
      const made = calls.map((call) => /infra\/templates\/(\S+)\.json/.exec(call)?.[1] ?? '');
      const byPipeline = [...stackOrder.before, ...stackOrder.after]
        .flat()
        .map((stack) => `${stage}/${stack}`);
      const all = Object.keys(templates).filter(
        (path) => !path.includes('/') || path.startsWith(`${stage}/`),
      );
      expect([...made, ...byPipeline].sort()).toEqual(all.sort());
      for (const [index, call] of calls.entries()) {
        const path = made[index] ?? '';
        expect(call).toContain(`--stack-name tma-${path.replace('/', '-')}`);
        const given = [...call.matchAll(/ ([A-Z]\w+)=/g)].map(([, name = '']) => name);
        const asked = Object.entries(templateOf(path).Parameters ?? {});
        expect(
          asked.map(([name]) => name),
          path,
        ).toEqual(expect.arrayContaining(given));
        const needed = asked.filter(([, parameter]) => parameter.Default === undefined).map(([name]) => name);
        expect(given, path).toEqual(expect.arrayContaining(needed));
        expect(committed[`infra/templates/${path}.json`]?.length, path).toBeLessThan(51_200);
      }
    },
  );

  it.each(stageNames)('make every parameter that the stacks and tasks read, and no other: %s', (stage) => {
    const puts = deployed(stage).filter((call) => call.includes('ssm put-parameter'));
    const made = puts.map((call) => /--name (\S+)/.exec(call)?.[1] ?? '');
    const wanted = [
      ...Object.keys(operatorParameters).map((name) => `/tma/${stage}/operator/${name}`),
      ...Object.keys(secretParameters).map((name) => `/tma/${stage}/secret/${name}`),
    ];
    expect(made.sort()).toEqual(wanted.sort());
    for (const call of puts) {
      const isSecret = call.includes(`/tma/${stage}/secret/`);
      expect(call.includes('--type SecureString'), call).toBe(isSecret);
      if (isSecret) expect(call).toContain('--value file:///dev/stdin');
    }
  });

  it('take a new password into use between two migrations, so that nobody is refused', () => {
    shell.standIn('aws', {
      'put-parameter': 'cat > /dev/null',
      'get-parameter': 'echo network',
      'run-task': 'echo arn:task',
    });
    shell.standIn('openssl', { rand: 'echo secret' });
    const secret = /^secret\(\) [\s\S]*?^}/m.exec(page)?.[0];
    const script = [blocksOf(section('Deploy'))[0], secret, ...blocksOf(section('Rotate'))].join('\n');
    const ran = shell.run(`set -euo pipefail\n${script}`);
    expect(ran.code, ran.output).toBe(0);
    const steps = ran.calls
      .split('\n')
      .map((call) => /put-parameter|run-task|update-service|services-stable/.exec(call)?.[0])
      .filter((step) => step !== undefined);
    expect(steps).toEqual(['put-parameter', 'run-task', 'update-service', 'services-stable', 'run-task']);
  });

  it.each(stageNames)('ask recovery and witness for what they really give: %s', (stage) => {
    const asked = deployed(stage).filter((call) => call.includes('describe-stacks'));
    expect(asked.length).toBe(3);
    for (const call of asked) {
      const [, stack = '', output = ''] = /--stack-name tma-\w+-(\w+) .*OutputKey=='(\w+)'/.exec(call) ?? [];
      expect(Object.keys(templateOf(`${stage}/${stack}`).Outputs ?? {})).toContain(output);
    }
  });

  it('protect every stack of the stage', () => {
    const listed = /for stack in (.*); do/.exec(page)?.[1]?.split(' ') ?? [];
    const stacks = Object.keys(templates)
      .filter((path) => path.startsWith('staging/'))
      .map((path) => path.slice(8));
    // The one in the other region is protected by its vault and by what it keeps.
    expect([...listed, 'recovery'].sort()).toEqual(stacks.sort());
  });

  it('name only commands that administration has', () => {
    const named = [...page.matchAll(/(?:^|`)admin ([a-z]+-[a-z-]+)/gm)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(3);
    const known = projectFile('server/admin/cli.ts') + projectFile('server/integrity/commands.ts');
    for (const name of named) expect(known).toContain(`'${name}'`);
  });
});

describe('the runbooks', () => {
  const headings = [...section('Runbooks').matchAll(/^### (.+)$/gm)].map(([, heading = '']) =>
    anchorOf(heading),
  );
  const descriptions = Object.keys(templates).flatMap((path) => [
    ...all(path, 'AWS::CloudWatch::Alarm').map(({ AlarmDescription }) => String(AlarmDescription)),
    ...all(path, 'AWS::Events::Rule').map(({ Description }) => String(Description)),
  ]);
  const linked = descriptions.map(
    (text) => new RegExp(`^(.+[.]) Runbook: ${runbookFile}#([\\w-]+)$`).exec(text)?.[2],
  );

  it('are there for every alarm, and every one is an alarm’s', () => {
    expect(linked).not.toContain(undefined);
    expect([...new Set(linked)].sort()).toEqual([...headings].sort());
  });

  it('come with the mail of every event', () => {
    for (const path of Object.keys(templates)) {
      for (const rule of all(path, 'AWS::Events::Rule')) {
        expect(flat(dig(rule, 'Targets', 0, 'InputTransformer', 'InputTemplate'))).toContain(
          `${runbookFile}#`,
        );
      }
    }
  });
});

describe('the links of the pages', () => {
  it.each(['docs/operations.md', 'docs/well-architected.md'])('lead somewhere: %s', (file) => {
    const text = projectFile(file);
    for (const [, target = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
      const [path = '', anchor] = target.split('#');
      const place = path === '' ? file : `docs/${path}`;
      expect(existsSync(resolve(import.meta.dirname, '..', place)), target).toBe(true);
      if (anchor === undefined) continue;
      const anchors = [...projectFile(place).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        anchorOf(heading),
      );
      expect(anchors, target).toContain(anchor);
    }
  });

  it.each(['docs/operations.md', 'docs/well-architected.md'])('and paths in them are there: %s', (file) => {
    for (const [, path = ''] of projectFile(file).matchAll(
      /`((?:infra|server|tools|docs|shared|electron)\/[\w./-]+)`/g,
    )) {
      expect(existsSync(resolve(import.meta.dirname, '..', path)), path).toBe(true);
    }
  });
});

describe('the Well-Architected review', () => {
  const questions = { OPS: 11, SEC: 11, REL: 13, PERF: 5, COST: 11, SUS: 6 } as const;
  const rows = [
    ...projectFile('docs/well-architected.md').matchAll(/^\| ([A-Z]+ \d+) \| (.*\?) \| (.+) \| (.+) \|$/gm),
  ];

  it('answers every question of the six pillars, and says where the answer lives', () => {
    const asked = Object.entries(questions).flatMap(([pillar, count]) =>
      Array.from({ length: count }, (_, index) => `${pillar} ${index + 1}`),
    );
    expect(rows.map(([, id]) => id)).toEqual(asked);
    for (const [row, , , , where = ''] of rows) expect(where, row).toMatch(/`[^`]+`|\]\(/);
  });
});
