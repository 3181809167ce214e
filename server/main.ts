/** The service as a process of its own: what a container runs. */
import { ConfigError } from './config.ts';
import { configFromEnvironment } from './environment.ts';
import { startService } from './start.ts';

try {
  const service = await startService(await configFromEnvironment(process.env));
  const end = () => void service.stop().then(() => process.exit(0));
  // `on`, not `once`: a second signal must not end the process while it still answers.
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
} catch (error) {
  const isExpected = error instanceof ConfigError;
  process.stderr.write(`${isExpected ? error.message : 'The service could not start.'}\n`);
  if (!isExpected) throw error;
  process.exitCode = 1;
}
