/**
 * What holds for every AWS client. Region, endpoint and credentials come from where the SDK finds them: in a task
 * from ECS (the task role), never from settings of ours.
 */

/** Bounded in tries and time: a request of a laptop waits for this. */
export const awsClientOptions = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
} as const;

/** `AccessDeniedException`, `NoSuchBucket`, …: the name of an error of AWS or of the connection to it. */
export function awsErrorName(error: unknown): string | undefined {
  return error instanceof Error && error.name !== 'Error' ? error.name : undefined;
}

/** In words that name no value. */
export function whyRefused(error: unknown): string {
  const status = statusOf(error);
  const name = awsErrorName(error) ?? 'it does not answer';
  if (status === 403 || /AccessDenied/.test(name)) return `access is denied to this task's role (${name})`;
  if (/Credentials/.test(name)) return 'this task has no credentials (is there a task role?)';
  if (/Region/i.test(name) || /region is missing/i.test(messageOf(error))) return 'AWS_REGION is not set';
  return status === undefined ? `it does not answer (${name})` : `it refuses with ${status} (${name})`;
}

function statusOf(error: unknown): number | undefined {
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : '');
