// NOTIFY of many topics in one statement.
import { RUN_CHANNEL } from './listener.ts';
import type { Queryable } from './pool.ts';

/** PostgreSQL takes 8,000 bytes. */
const PAYLOAD_BYTES = 7_500;

/** A topic is one word; a payload names many. */
export async function notifyTopics(tx: Queryable, topics: Iterable<string>): Promise<void> {
  const payloads: string[] = [];
  for (const topic of new Set(topics)) {
    const last = payloads.at(-1);
    if (last !== undefined && last.length + topic.length < PAYLOAD_BYTES)
      payloads[payloads.length - 1] = `${last} ${topic}`;
    else payloads.push(topic);
  }
  if (payloads.length === 0) return;
  await tx.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [RUN_CHANNEL, payloads]);
}
