// A template's text belongs to its version: who changes the text gives it a new version, and records the new hash here.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readAiRequest } from '@genrtl/contracts/http/ai.ts';
import { FLOWS } from '../index.ts';
import { LONG_TEMPLATES } from '../long/part-prompts.ts';
import { DIGEST_TEMPLATE } from '../plan/digest-spec.ts';
import { promptOf } from './intent-prompt.ts';
import recorded from './template-hashes.json' with { type: 'json' };

const flows = Object.values(FLOWS.intents).flat();
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

describe('templates', () => {
  it('have the text that their version was recorded with', () => {
    const now = Object.fromEntries(
      [...flows.flatMap(({ templates }) => templates), ...LONG_TEMPLATES, DIGEST_TEMPLATE].map(
        ({ id, text }) => [id, hashOf(text)] as const,
      ),
    );
    expect(recorded, 'a new text is a new version; its hash goes to template-hashes.json').toMatchObject(now);
  });

  it('belong to one flow each, whose intent is its own', () => {
    const ids = flows.flatMap(({ intent, templates }) => templates.map(({ id }) => [intent, id] as const));
    for (const [intent, id] of ids) expect(id).toMatch(new RegExp(`^${intent}@v\\d+$`));
    expect(new Set(ids.map(([, id]) => id)).size).toBe(ids.length);
  });
});

describe('a prompt', () => {
  const limits = { maxModelTokens: 4_000, reservedOutputTokens: 500, maxInputTokens: 2_000 };
  const prompt = (body: Parameters<typeof readAiRequest>[1]) =>
    promptOf(FLOWS.intents.chat[0].templates[0], readAiRequest('chat', body), '', limits);

  it('leaves out the oldest where the window is short, says so, and keeps the question', () => {
    const messages = Array.from({ length: 41 }, (_, nth) => ({
      role: nth % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: `${String(nth)} ${'word '.repeat(100)}`,
    }));
    const { prompt: made, truncated } = prompt({ messages });
    expect(truncated).toBe(true);
    expect(made.messages.length).toBeGreaterThan(3);
    expect(made.messages[0]?.role).toBe('user');
    expect(made.messages.at(-1)?.content.startsWith('40 ')).toBe(true);
  });

  it('shows the same material once', () => {
    const item = { kind: 'file' as const, name: 'a.sv', text: 'module a; endmodule' };
    const { prompt: made } = prompt({ messages: [{ role: 'user', content: 'x' }], context: [item, item] });
    expect(made.messages.at(-1)?.content.split('module a; endmodule').length).toBe(2);
  });
});
