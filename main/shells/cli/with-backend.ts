// A command that needs the backend for its duration.
import type { BackendClient } from '../../cloud/backend-client.ts';
import type { CliIo } from './io.ts';

export async function withBackend(io: CliIo, work: (client: BackendClient) => Promise<void>): Promise<void> {
  const { connectBackend } = await import('../../processes/backend.ts');
  const connection = await connectBackend(io.env);
  try {
    await work(connection.client);
  } finally {
    await connection.release();
  }
}
