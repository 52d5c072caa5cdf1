// A backend under load in this process, its PostgreSQL and the load in others.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { MadeKey } from '@genrtl/contracts/http/accounts.ts';
import { openHosted } from '../../backend/test/hosted.ts';

export interface Target {
  readonly url: string;
  /** '': a bare relay, which speaks the model server's protocol */
  readonly token: string;
  readonly options?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Speed {
  readonly name: string;
  readonly target: Target;
  readonly count: number;
  readonly tokens: number;
  readonly everyMs: number;
}

export type Command =
  | { readonly kind: 'open' }
  /** to notifications */
  | { readonly kind: 'listen'; readonly databaseUrl: string }
  /** ghost text: one request, one short answer at once, one after the other */
  | ({ readonly kind: 'ghosts' } & Speed)
  | ({ readonly kind: 'streams'; readonly slowShare: number; readonly spreadMs: number } & Speed)
  /** so many at any time: each that ends is followed by the next; results of all but the first of each place */
  | ({ readonly kind: 'steady'; readonly parallel: number } & Speed)
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
  /** null: not installed */
  readonly portkey: Target | null;
  readonly cpuOf: (() => number) | null;
  do(command: Exclude<Command, { kind: 'open' | 'listen' }>): Promise<Outcome>;
  close(): Promise<void>;
}

/** What the account of the load may: enough, and all of it is counted. */
const PLAN = {
  plan: 'free',
  version: 1,
  name: { en: 'Load', 'zh-CN': '负载' },
  price_usd: '0',
  stripe_lookup_key: null,
  included_usd: '100000000',
  models: ['*'],
  unfinished_jobs: 1_000,
  starts_per_minute: 100_000,
  prepaid_valid_days: 1,
  on_demand: false,
  over_quota: { then: 'refuse' },
};
const RATE = '{ burst: 100000, per_minute: 1000000 }';

/**
 * A hosted backend, so that credentials, limits, plan and ledger all count. `GENRTL_PORTKEY`: the folder where npm has
 * installed
 * @portkey-ai/gateway, which then runs beside it.
 */
export async function openLoad(): Promise<Load> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'genrtl-load-'));
  const plans = path.join(folder, 'plans.yaml');
  const config = path.join(folder, 'ai.yaml');
  // JSON is YAML
  await writeFile(plans, JSON.stringify({ plans: [PLAN] }));
  await writeFile(config, `version: 1\nrates: { user: ${RATE}, address: ${RATE}, project: ${RATE} }\n`);
  const child = fork(path.join(import.meta.dirname, 'generator.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ask = async (command: Command): Promise<Outcome> => {
    child.send(command);
    const [answer] = (await once(child, 'message')) as [{ outcome?: Outcome; error?: string }];
    if (answer.outcome === undefined) throw new Error(answer.error);
    return answer.outcome;
  };
  const { url: upstream = '' } = await ask({ kind: 'open' });
  const hosted = await openHosted({
    firstLeaseMs: 3_600_000,
    env: {
      OPENAI_API_KEY: 'sk-load-0000000000000001',
      OPENAI_BASE_URL: upstream,
      GENRTL_MODEL: 'wire',
      GENRTL_MODEL_PRICES: `{"wire":{"input":"1","output":"${String(OUTPUT_USD_PER_MTOK)}"}}`,
      GENRTL_PRIVATE_NETWORKS: '127.0.0.0/8',
      GENRTL_PLANS: plans,
      GENRTL_AI_CONFIG: config,
      GENRTL_REQUESTS_PER_MINUTE: '1000000',
      GENRTL_REQUESTS_BURST: '100000',
    },
  });
  await ask({ kind: 'listen', databaseUrl: hosted.database.url });
  const person = await hosted.person();
  const made = await person.call<MadeKey>('POST', '/v1/account/keys', {
    name: 'load',
    scopes: ['work'],
    expires_in_days: null,
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  const relay = http.createServer((request, response) => {
    const forward = http.request(`${upstream}/chat/completions`, { method: 'POST', agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, { 'content-type': 'text/event-stream' });
      answer.pipe(response);
    });
    forward.on('error', () => response.destroy());
    response.on('close', () => forward.destroy());
    request.pipe(forward);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const gateway = await openPortkey(upstream);
  return {
    databaseUrl: hosted.database.url,
    backend: { url: `${hosted.url}/api/ai/ask`, token: made.body.key, options: { refresh: true, budgetUsd: '1000' } },
    relay: { url: `http://127.0.0.1:${String((relay.address() as AddressInfo).port)}/`, token: '' },
    portkey: gateway?.target ?? null,
    cpuOf: gateway?.cpuSeconds ?? null,
    do: ask,
    async close() {
      relay.close();
      relay.closeAllConnections();
      child.disconnect();
      agent.destroy();
      gateway?.close();
      await hosted.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Gateway {
  readonly target: Target;
  /** processor time that its process has taken */
  readonly cpuSeconds: () => number;
  close(): void;
}

async function openPortkey(upstream: string): Promise<Gateway | null> {
  const folder = process.env['GENRTL_PORTKEY'];
  if (folder === undefined) return null;
  const port = 18_787;
  const script = path.join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const shim = path.join(import.meta.dirname, 'mutable-headers.ts');
  const child = spawn(process.execPath, ['--import', shim, script, `--port=${String(port)}`, '--headless'], {
    stdio: 'ignore',
    env: { ...process.env, TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
  });
  const url = `http://127.0.0.1:${String(port)}`;
  for (let round = 0; ; round += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break;
    if (round > 100) throw new Error('the Portkey gateway does not start');
    await delay(100);
  }
  const ticks = 100;
  return {
    target: {
      url: `${url}/v1/chat/completions`,
      token: '',
      headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': upstream },
    },
    cpuSeconds() {
      // user and system time, fields 14 and 15 of /proc/<pid>/stat, counted behind the name in brackets
      const fields =
        readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8')
          .split(') ')[1]
          ?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / ticks;
    },
    close: () => child.kill(),
  };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const ttftOf = (outcome: Outcome): number[] =>
  (outcome.results ?? []).map(({ ttftMs }) => ttftMs ?? Number.NaN).filter((ms) => !Number.isNaN(ms));
