// A backend under load in this process, its PostgreSQL and the load in others.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { startPostgres } from '../../backend/processes/postgres.ts';
import { startBackend } from '../../backend/start.ts';
import { makeTestHome, removeTestHome } from '../../backend/test/database.ts';

export interface Target {
  readonly url: string;
  /** '': a bare relay, which speaks the model server's protocol */
  readonly token: string;
  readonly options?: object;
}

interface Speed {
  readonly name: string;
  readonly target: Target;
  readonly count: number;
  readonly tokens: number;
  readonly everyMs: number;
}

export type Command =
  | { readonly kind: 'open'; readonly databaseUrl: string }
  | ({ readonly kind: 'streams'; readonly slowShare: number; readonly spreadMs: number } & Speed)
  | ({ readonly kind: 'closes'; readonly parallel: number } & Speed)
  | ({ readonly kind: 'cancels' } & Speed);

export interface StreamResult {
  readonly tag: string;
  status: number;
  ttftMs: number | null;
  totalMs: number;
  tokens: number;
  end: string;
  costUsd: string | null;
  output: number | null;
}

export interface Outcome {
  readonly url?: string;
  readonly results?: readonly StreamResult[];
  readonly seconds?: number;
  readonly notifications?: number;
  readonly delaysMs?: readonly number[];
}

/** Micro-dollars a token of the answer: dear, so that a budget is reached within one. */
export const OUTPUT_USD_PER_MTOK = 1000;

export interface Load {
  readonly databaseUrl: string;
  readonly backend: Target;
  readonly relay: Target;
  do(command: Exclude<Command, { kind: 'open' }>): Promise<Outcome>;
  close(): Promise<void>;
}

export async function openLoad(): Promise<Load> {
  const home = await makeTestHome();
  const postgres = await startPostgres(home, { env: process.env });
  const child = fork(path.join(import.meta.dirname, 'generator.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ask = async (command: Command): Promise<Outcome> => {
    child.send(command);
    const [answer] = (await once(child, 'message')) as [{ outcome?: Outcome; error?: string }];
    if (answer.outcome === undefined) throw new Error(answer.error);
    return answer.outcome;
  };
  const { url: upstream = '' } = await ask({ kind: 'open', databaseUrl: postgres.url });
  const backend = await startBackend({
    home: home.root,
    role: 'all',
    embedded: true,
    firstLeaseMs: 3_600_000,
    env: {
      ...process.env,
      DATABASE_URL: postgres.url,
      OPENAI_API_KEY: 'sk-load-0000000000000001',
      OPENAI_BASE_URL: upstream,
      GENRTL_MODEL: 'wire',
      GENRTL_MODEL_PRICES: `{"wire":{"input":"1","output":"${String(OUTPUT_USD_PER_MTOK)}"}}`,
    },
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  const relay = http.createServer((request, response) => {
    const forward = http.request(`${upstream}/chat/completions`, { method: 'POST', agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, { 'content-type': 'text/event-stream' });
      answer.pipe(response);
    });
    forward.on('error', () => response.destroy());
    request.pipe(forward);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return {
    databaseUrl: postgres.url,
    backend: { url: `${backend.url ?? ''}/api/ai/ask`, token: backend.token, options: { refresh: true } },
    relay: { url: `http://127.0.0.1:${String((relay.address() as AddressInfo).port)}/`, token: '' },
    do: ask,
    async close() {
      relay.close();
      relay.closeAllConnections();
      child.disconnect();
      agent.destroy();
      await backend.stop();
      await postgres.stop();
      await removeTestHome(home);
    },
  };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const ttftOf = (outcome: Outcome): number[] =>
  (outcome.results ?? []).map(({ ttftMs }) => ttftMs ?? Number.NaN).filter((ms) => !Number.isNaN(ms));
