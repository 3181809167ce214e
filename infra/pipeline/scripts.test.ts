/** The scripts of the build steps, run by the real shell against stand-ins for the tools of AWS. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../testing/shell.test-support.ts';
import { all, dig } from '../testing/snapshot.test-support.ts';
import { type StepName, scriptOf } from './scripts.ts';

let shell: Shell;
beforeEach(() => {
  shell = openShell();
});
afterEach(() => shell.remove());

const standIn: Shell['standIn'] = (tool, answers) => shell.standIn(tool, answers);
const given = (file: string) => shell.file(file);
const run = (step: StepName, env: Readonly<Record<string, string>>) =>
  shell.run(scriptOf(step), { PAUSE: '0', ...env });

const stage = { STAGE: 'staging', ACCOUNT: '<account>' };
const signedIn = { 'sts assume-role': "printf 'id\\tsecret\\ttoken\\n'" };

describe('migrate', () => {
  const migrating = {
    ...signedIn,
    'ssm get-parameter': "echo '{}'",
    'ecs run-task': 'echo arn:task/tma-staging/abc',
    lastStatus: 'if [ -e stopped ]; then echo STOPPED; else touch stopped; echo RUNNING; fi',
    exitCode: 'echo 0',
    'ecs describe-services': 'echo 5',
  };

  it('takes the role of the stage, runs the migration and waits for its end', () => {
    standIn('aws', migrating);
    const { code, calls } = run('migrate', stage);
    expect(code).toBe(0);
    expect(calls).toContain('--role-arn arn:aws:iam::<account>:role/tma-access-staging-release');
    expect(calls).toContain('ecs run-task --cluster tma-staging --task-definition tma-staging-migrate');
    expect(calls.match(/lastStatus/g)).toHaveLength(2);
  });

  it('gives the number of tasks there are, so that a release does not undo scaling', () => {
    standIn('aws', migrating);
    run('migrate', stage);
    expect(JSON.parse(given('out/release.json'))).toEqual({ DesiredCount: '5' });
  });

  it.each(['None', '0', '1'])('gives two where the service has %s', (count) => {
    standIn('aws', { ...migrating, 'ecs describe-services': `echo ${count}` });
    run('migrate', stage);
    expect(JSON.parse(given('out/release.json'))).toEqual({ DesiredCount: '2' });
  });

  it.each([
    [
      'fails',
      {
        exitCode: 'echo 1',
        stoppedReason: 'echo essential container exited',
        'logs get-log-events': 'echo lock timeout',
      },
      /failed \(1\): essential.*\nlock timeout/,
    ],
    ['is killed before it says anything', { exitCode: 'echo None' }, /failed \(None\)/],
    ['cannot be started', { 'ecs run-task': 'echo None' }, /could not be started/],
    ['may not be started', { 'ecs run-task': 'echo AccessDenied >&2; exit 254' }, /AccessDenied/],
    [
      'belongs to a stage that does not let us in',
      { 'sts assume-role': 'echo AccessDenied >&2; exit 254' },
      /AccessDenied/,
    ],
  ])('ends the release when it %s', (_how, changed, message) => {
    standIn('aws', { ...migrating, ...changed });
    const { code, output } = run('migrate', stage);
    expect(code).not.toBe(0);
    expect(output).toMatch(message);
    expect(given('out/release.json')).toBe('');
  });
});

describe('image', () => {
  const env = {
    REPOSITORY: 'host/tma/service',
    COMMIT: 'c0ffee',
    BASE: 'base@sha256:1',
    BUILD: 'build@sha256:2',
  };
  const found = {
    'get-login-password': 'echo password',
    'describe-image-scan-findings': "printf 'None\\tNone\\n'",
    imageDigest: 'echo sha256:abc',
  };
  const build = () => {
    standIn('docker', { login: 'cat > /dev/null', create: 'echo c1', 'cp c1:/app/bill': 'echo {} > "$3"' });
  };

  it('builds a commit once, and gives its image by digest with its bill of materials', () => {
    build();
    standIn('aws', {
      ...found,
      'describe-images --repository-name tma/service --image-ids imageTag=c0ffee --query': 'echo sha256:abc',
      'describe-images --repository-name tma/service --image-ids imageTag=c0ffee': 'exit 254',
    });
    const { code, calls } = run('image', env);
    expect(code).toBe(0);
    expect(calls).toContain('docker push host/tma/service:c0ffee');
    expect(JSON.parse(given('out/image.json'))).toEqual({ ImageUri: 'host/tma/service@sha256:abc' });
    expect(given('out/bill-of-materials.cdx.json')).toBe('{}\n');
    expect(calls).toContain('--build-arg BASE=base@sha256:1 --build-arg BUILD=build@sha256:2');
    expect(calls).toContain('docker create host/tma/service@sha256:abc');
  });

  it('takes the image of an earlier run of the same commit', () => {
    build();
    standIn('aws', found);
    const { code, calls } = run('image', env);
    expect(code).toBe(0);
    expect(calls).not.toContain('docker build');
  });

  it.each(['1\\tNone', 'None\\t2'])('refuses an image with severe holes (%s)', (counts) => {
    build();
    standIn('aws', { ...found, 'describe-image-scan-findings': `printf '${counts}\\n'` });
    const { code, output } = run('image', env);
    expect(code).toBe(1);
    expect(output).toContain('severe holes');
    expect(given('out/image.json')).toBe('');
  });
});

describe('smoke', () => {
  const named = { ...signedIn, 'reporting-domain-name': 'echo report.test', 'domain-name': 'echo tma.test' };
  const good = {
    'tls-max': 'exit 35',
    'https://tma.test/healthz': 'printf 200',
    'https://tma.test/readyz': 'printf 200',
    'http://tma.test': 'printf 301',
    'https://tma.test/v1': 'printf 401',
    'https://': 'printf 404',
  };

  it('passes when laptops, reporters and strangers meet what they should', () => {
    standIn('aws', named);
    standIn('curl', good);
    const { code, output } = run('smoke', stage);
    expect(output).toBe('The service answers as it should.\n');
    expect(code).toBe(0);
  });

  it.each([
    ['it is not ready', { 'https://tma.test/readyz': 'printf 503' }, /readyz gave 503, not 200/],
    ['nothing answers', { 'https://tma.test/healthz': 'exit 7' }, /gave no answer, not 200/],
    ['HTTP is not redirected', { 'http://tma.test': 'printf 200' }, /gave 200, not 301/],
    ['a stranger may pull', { 'https://tma.test/v1': 'printf 200' }, /gave 200, not 401/],
    [
      'the reporters’ entry serves laptops',
      { 'https://report.test': 'printf 401' },
      /report\.test.* gave 401, not 404/,
    ],
    ['old TLS is accepted', { 'tls-max': 'printf 200' }, /TLS 1\.2 was accepted/],
  ])('fails when %s', (_how, changed, message) => {
    standIn('aws', named);
    standIn('curl', { ...changed, ...good, ...changed });
    const { code, output } = run('smoke', stage);
    expect(code).toBe(1);
    expect(output).toMatch(message);
  });
});

describe('every step', () => {
  it('runs the script that is tested here', () => {
    const projects = all('workshop', 'AWS::CodeBuild::Project');
    expect(projects).toHaveLength(5);
    for (const { Name, Source } of projects) {
      const step = String(Name).replace('tma-', '') as StepName; // projects are named after their step
      const specification = String(dig(Source, 'BuildSpec')).split('\n');
      expect(specification.map((line) => line.trim())).toEqual(
        expect.arrayContaining(
          scriptOf(step)
            .split('\n')
            .map((line) => line.trim()),
        ),
      );
    }
  });
});
