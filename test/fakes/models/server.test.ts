// The fake servers against the official SDKs: what passes there is the real protocol.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { startFakeModels } from './server.ts';
import type { FakeModels } from './server.ts';
import type { FakeScript } from './script.ts';

let fake: FakeModels | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});
const start = async (script: FakeScript): Promise<FakeModels> => {
  fake = await startFakeModels({ script });
  return fake;
};

describe('the official SDKs accept the fake', () => {
  it('OpenAI: streamed text and usage with cached tokens', async () => {
    const { openaiUrl, requests } = await start(() => ({
      kind: 'text',
      text: 'Hello 世界 world',
      usage: { input: 90, output: 4, cached: 64 },
      chunking: { mode: 'awkward', upTo: 3 },
    }));
    const client = new OpenAI({ apiKey: 'k', baseURL: openaiUrl, maxRetries: 0 });
    const stream = await client.chat.completions.create({
      model: 'gpt-5.1',
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'U' },
      ],
    });
    let text = '';
    let cached: number | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      cached = chunk.usage?.prompt_tokens_details?.cached_tokens ?? cached;
    }
    expect(text).toBe('Hello 世界 world');
    expect(cached).toBe(64);
    expect(requests[0]).toMatchObject({
      number: 1,
      protocol: 'chat-completions',
      model: 'gpt-5.1',
      system: 'S',
      text: 'S\nU',
      messages: [{ role: 'user', content: 'U' }],
    });
  });

  it('Anthropic: streamed text, thinking and cumulative usage', async () => {
    const { url } = await start(() => ({
      kind: 'text',
      text: 'Hello 世界',
      reasoning: 'hmm',
      usage: { input: 30, output: 7, cached: 60, cacheWrite: 5 },
      lineEnd: '\r\n',
    }));
    const client = new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 });
    const message = await client.messages
      .stream({ model: 'claude-sonnet-5-5', max_tokens: 10, messages: [{ role: 'user', content: 'U' }] })
      .finalMessage();
    expect(message.content.map((block) => block.type)).toEqual(['thinking', 'text']);
    expect(message.content[1]).toMatchObject({ text: 'Hello 世界' });
    expect(message).toMatchObject({
      stop_reason: 'end_turn',
      usage: { input_tokens: 30, output_tokens: 7, cache_read_input_tokens: 60, cache_creation_input_tokens: 5 },
    });
  });

  it('errors have the protocol’s shape', async () => {
    const { openaiUrl, url } = await start(() => ({
      kind: 'status',
      status: 429,
      type: 'rate_limit_error',
      message: 'slow',
      headers: { 'retry-after': '1' },
    }));
    await expect(
      new OpenAI({ apiKey: 'k', baseURL: openaiUrl, maxRetries: 0 }).chat.completions.create({
        model: 'm',
        messages: [],
      }),
    ).rejects.toThrow(OpenAI.RateLimitError);
    await expect(
      new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 }).messages.create({
        model: 'm',
        max_tokens: 1,
        messages: [],
      }),
    ).rejects.toThrow(Anthropic.RateLimitError);
  });
});

describe('as a process', () => {
  it('serves a script file, records requests, ends on SIGTERM', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'genrtl-fake-'));
    try {
      await writeFile(
        join(folder, 'script.ts'),
        "export default (request: { text: string }) => ({ kind: 'text', text: `you said ${request.text}` });\n",
      );
      const record = join(folder, 'requests.jsonl');
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'serve.ts'), '--script', join(folder, 'script.ts'), '--record', record],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const { openai_url: baseURL } = JSON.parse(line.toString()) as { openai_url: string };
      const stream = await new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 }).chat.completions.create({
        model: 'm',
        stream: true,
        messages: [{ role: 'user', content: 'hi' }],
      });
      let text = '';
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      expect(text.trim()).toBe('you said \nhi'.trim());
      child.kill('SIGTERM');
      expect((await once(child, 'exit'))[0]).toBe(0);
      expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({ number: 1, messages: [{ content: 'hi' }] });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
