// LISTEN on a connection of its own, outside the pool: news of other processes arrive as they commit.
import pg from 'pg';

/** The channel of news about runs; the payload names them, separated by spaces. */
export const RUN_CHANNEL = 'genrtl_runs';

export interface Listener {
  close(): Promise<void>;
}

/**
 * Calls `onMessage` with each payload, and `onEnd` once when a connection that stood has ended, for whatever reason.
 */
export async function openListener(
  url: string,
  channel: string,
  on: { readonly message: (payload: string) => void; readonly end: () => void },
): Promise<Listener> {
  const client = new pg.Client({ connectionString: url, application_name: 'genrtl-bus' });
  client.on('notification', ({ payload }) => {
    if (payload !== undefined) on.message(payload);
  });
  // The end follows each error and is what counts.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  client.once('end', on.end);
  return { close: () => client.end().catch(() => undefined) };
}
