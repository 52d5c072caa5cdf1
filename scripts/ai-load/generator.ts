// A process of its own for loads on the AI module: a model server of known speed and the clients, so that the processor
// time of the backend is the backend's. Commands come over IPC, one at a time.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Command, Outcome, StreamResult, Target } from './load.ts';

const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
/** when the upstream call of a tag was ended before its end */
const aborted = new Map<string, number>();
let speed = { tokens: 100, everyMs: 20 };
let notifications = 0;

const upstream = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    const tag = /tag-([a-z0-9-]+)/.exec(body)?.[1] ?? '';
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const say = (data: object): boolean => response.write(`data: ${JSON.stringify(data)}\n\n`);
    let sent = 0;
    const tick = setInterval(() => {
      if (response.writableNeedDrain) return;
      sent += 1;
      say({ id: 'c', choices: [{ index: 0, delta: { content: `word${String(sent)} ` }, finish_reason: null }] });
      if (sent < speed.tokens) return;
      clearInterval(tick);
      say({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
      say({ id: 'c', choices: [], usage: { prompt_tokens: 300, completion_tokens: sent, total_tokens: 300 + sent } });
      response.end('data: [DONE]\n\n');
    }, speed.everyMs);
    response.on('close', () => {
      clearInterval(tick);
      if (!response.writableFinished) aborted.set(tag, performance.now());
    });
  });
});

/** One stream to its end, or as far as it is wanted. */
function stream(
  target: Target,
  tag: string,
  options: { slowMs?: number; closeAfter?: number; onFirst?: () => void; signal?: AbortSignal } = {},
) {
  const { promise, resolve } = Promise.withResolvers<StreamResult>();
  const started = performance.now();
  const result: StreamResult = {
    tag,
    status: 0,
    ttftMs: null,
    totalMs: 0,
    tokens: 0,
    end: '',
    costUsd: null,
    output: null,
  };
  const done = (end: string): void => {
    result.end ||= end;
    result.totalMs = performance.now() - started;
    resolve(result);
  };
  const request = http.request(
    target.url,
    {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${target.token === '' ? 'sk-load' : target.token}`,
        ...target.headers,
      },
    },
    (response) => {
      result.status = response.statusCode ?? 0;
      response.setEncoding('utf8');
      let rest = '';
      response.on('data', (chunk: string) => {
        const frames = (rest + chunk).split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) {
          if (frame.includes(target.token === '' ? '"content"' : 'event: token')) {
            if (result.ttftMs === null) options.onFirst?.();
            result.ttftMs ??= performance.now() - started;
            // a frame may hold several
            result.tokens += frame.split('word').length - 1;
          } else if (frame.includes('event: usage')) {
            const usage = JSON.parse(frame.slice(frame.indexOf('{'))) as { cost_usd: string; output_tokens: number };
            result.costUsd = usage.cost_usd;
            result.output = usage.output_tokens;
          } else if (frame.includes('event: final')) result.end = /"status":"(\w+)"/.exec(frame)?.[1] ?? 'final';
          else if (frame.includes('event: error')) result.end = /"code":"(\w+)"/.exec(frame)?.[1] ?? 'error';
          if (options.closeAfter !== undefined && result.tokens >= options.closeAfter) {
            request.destroy();
            done('closed');
            return;
          }
        }
        if (options.slowMs !== undefined) {
          response.pause();
          setTimeout(() => response.resume(), options.slowMs);
        }
      });
      response.on('end', () => done('end'));
      response.on('error', () => done('broken'));
    },
  );
  request.on('error', () => {
    // The server had closed the connection that was kept when the request left: the same again, under the same id.
    if (request.reusedSocket && result.status === 0 && options.closeAfter === undefined)
      void stream(target, tag, options).then((again) => {
        Object.assign(result, again);
        done(again.end);
      });
    else done('refused');
  });
  options.signal?.addEventListener('abort', () => {
    request.destroy();
    done('closed');
  });
  request.end(
    JSON.stringify(
      target.token === ''
        ? { model: 'wire', stream: true, messages: [{ role: 'user', content: `tag-${tag} what is it?` }] }
        : { instruction: `tag-${tag} what is it?`, client: { runId: tag }, options: target.options },
    ),
  );
  if (options.closeAfter === 0)
    setTimeout(() => {
      request.destroy();
      done('closed');
    }, 1);
  return promise;
}

async function run(command: Command): Promise<Outcome> {
  switch (command.kind) {
    case 'open': {
      await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
      return { url: `http://127.0.0.1:${String((upstream.address() as AddressInfo).port)}/v1` };
    }
    case 'listen': {
      const client = new pg.Client({ connectionString: command.databaseUrl });
      await client.connect();
      client.on('notification', () => (notifications += 1));
      await client.query('LISTEN genrtl_runs');
      return {};
    }
    case 'ghosts': {
      speed = command;
      const results: StreamResult[] = [];
      for (let nth = 0; nth < command.count; nth += 1)
        results.push(await stream(command.target, `${command.name}-${String(nth)}`));
      return { results };
    }
    case 'streams': {
      speed = command;
      const before = notifications;
      const started = performance.now();
      const all = Array.from({ length: command.count }, async (_, nth) => {
        await delay((command.spreadMs * nth) / command.count);
        const slow = nth % 100 < command.slowShare * 100;
        return stream(command.target, `${command.name}-${String(nth)}`, slow ? { slowMs: 100 } : {});
      });
      const results = await Promise.all(all);
      const seconds = (performance.now() - started) / 1000;
      return { results, seconds, notifications: notifications - before };
    }
    case 'steady': {
      speed = command;
      const { parallel, count, tokens, everyMs, target, name } = command;
      const results: StreamResult[] = [];
      let next = 0;
      const place = async (at: number): Promise<void> => {
        // Places begin one after the other over the time of a stream: beginnings and ends lie evenly from there on.
        await delay((tokens * everyMs * at) / parallel);
        await stream(target, `${name}-first-${String(at)}`);
        for (let nth = next++; nth < count; nth = next++) results.push(await stream(target, `${name}-${String(nth)}`));
      };
      await Promise.all(Array.from({ length: parallel }, (_, at) => place(at)));
      return { results };
    }
    case 'closes': {
      speed = command;
      let next = 0;
      const worker = async (): Promise<void> => {
        for (let nth = next++; nth < command.count; nth = next++)
          await stream(command.target, `${command.name}-${String(nth)}`, { closeAfter: nth % 4 });
      };
      await Promise.all(Array.from({ length: command.parallel }, worker));
      return {};
    }
    case 'cancels': {
      speed = command;
      const one = async (nth: number): Promise<number> => {
        const tag = `${command.name}-${String(nth)}`;
        const { promise: first, resolve } = Promise.withResolvers<void>();
        const closing = new AbortController();
        const whole = stream(command.target, tag, { onFirst: resolve, signal: closing.signal });
        await first;
        await delay(100 + 10 * nth);
        const asked = performance.now();
        // of a bare relay a reader that goes is all that there is
        if (command.target.token === '') closing.abort();
        else {
          await fetch(`${new URL(command.target.url).origin}/api/ai/runs/${tag}/cancel`, {
            method: 'POST',
            headers: { authorization: `Bearer ${command.target.token}` },
          });
          if ((await whole).end !== 'cancelled') throw new Error(`a cancelled run ended as ${(await whole).end}`);
        }
        while (!aborted.has(tag)) await delay(1);
        return (aborted.get(tag) ?? 0) - asked;
      };
      return { delaysMs: await Promise.all(Array.from({ length: command.count }, (_, nth) => one(nth))) };
    }
  }
}

process.on('message', (command: Command) => {
  run(command).then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
