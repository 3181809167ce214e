import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asIdentity, findUser, postgresIdentity } from './postgres-identity.ts';

const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0;

describe('whom PostgreSQL runs as', () => {
  it('is found in the list of users', () => {
    const passwd =
      'root:x:0:0:root:/root:/bin/sh\npostgres-old:x:1:2::/:\npostgres:x:101:104::/var/lib:/bin/bash\n';
    expect(findUser(passwd, 'postgres')).toEqual({ uid: 101, gid: 104 });
    expect(findUser(passwd, 'nobody')).toBeUndefined();
  });

  it.runIf(!isRootOnLinux)('is ourselves, unless we are root', async () => {
    expect(await postgresIdentity()).toBeUndefined();
  });

  it.runIf(isRootOnLinux)(
    'is another than root, and reaches a program in a folder only root may enter',
    async () => {
      const closed = mkdtempSync(join(tmpdir(), 'tma-closed-'));
      try {
        mkdirSync(join(closed, 'bin'));
        const file = join(closed, 'bin', 'program');
        writeFileSync(file, '#!/bin/sh\ntest -x "$0" && id -u\n');
        chmodSync(file, 0o755);
        const identity = await postgresIdentity();
        const command = await asIdentity({ file, args: [] }, identity, []);
        const said = execFileSync(command.file, [...command.args], { ...command.identity, encoding: 'utf8' });
        expect(Number(said)).toBe(identity?.uid);
      } finally {
        rmSync(closed, { recursive: true, force: true });
      }
    },
  );
});
