/** Building images without an engine that runs as a service: buildah, with its storage in a folder of ours. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { messageOf, ToolError } from '../support/tool-error.ts';

const run = promisify(execFile);

export interface Buildah {
  /** Builds and names an image. */
  build(order: {
    readonly context: string;
    readonly file: string;
    readonly name: string;
    readonly options?: readonly string[];
  }): Promise<void>;
  /** The configuration a container is started with. */
  configOf(name: string): Promise<ImageConfig>;
  /** What its layers were made by. */
  historyOf(name: string): Promise<string>;
  /** Unpacks the image; gives the folder of its root file system. */
  unpack(name: string): Promise<string>;
  /** Writes it as an OCI layout, compressed as a registry keeps it. */
  write(name: string, folder: string): Promise<void>;
}

const configSchema = z.object({
  User: z.string().default(''),
  Env: z.array(z.string()).default([]),
  Entrypoint: z.array(z.string()).default([]),
  Cmd: z.array(z.string()).default([]),
  ExposedPorts: z.record(z.string(), z.unknown()).default({}),
  StopSignal: z.string().default(''),
});
export type ImageConfig = z.infer<typeof configSchema>;

const howToGetIt =
  'buildah is not installed, so no image can be built here. On Debian: apt-get install buildah. With Docker instead:\n' +
  '  docker build -f server/Dockerfile --build-arg BASE=node:24-slim -t tma-service .\n' +
  'Everything else works without; `npm test` checks the bundle that the image carries.';

/** @throws {ToolError} that says how to get it, when it is not there. */
export async function findBuildah(storage: string): Promise<Buildah> {
  await run('buildah', ['--version']).catch((error: unknown) => {
    throw new ToolError(howToGetIt, error);
  });
  const common = ['--storage-driver', 'vfs', '--root', `${storage}/root`, '--runroot', `${storage}/run`];
  const buildah = async (...args: readonly string[]): Promise<string> => {
    try {
      const { stdout } = await run('buildah', [...common, ...args], { maxBuffer: 64 * 1024 * 1024 });
      return stdout.trim();
    } catch (error) {
      throw new ToolError(`buildah ${args[0] ?? ''} failed:\n${messageOf(error).slice(-4_000)}`, error);
    }
  };
  const inspect = async (name: string) =>
    z
      .looseObject({ OCIv1: z.looseObject({ config: configSchema, history: z.unknown() }) })
      .parse(JSON.parse(await buildah('inspect', '--type', 'image', name)));
  return {
    async build({ context, file, name, options = [] }) {
      await buildah(
        'bud',
        '--isolation',
        'chroot',
        '--pull-never',
        '-f',
        file,
        '-t',
        name,
        ...options,
        context,
      );
    },
    configOf: async (name) => (await inspect(name)).OCIv1.config,
    historyOf: async (name) => JSON.stringify((await inspect(name)).OCIv1.history),
    async unpack(name) {
      const container = await buildah('from', '--pull-never', name);
      return buildah('mount', container);
    },
    async write(name, folder) {
      await buildah('push', name, `oci:${folder}:latest`);
    },
  };
}
