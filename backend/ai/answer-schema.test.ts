// Structured answers against schemas that clients give.
import { describe, expect, it } from 'vitest';
import { answerSchema } from './answer-schema.ts';

const PORT = {
  type: 'object',
  properties: { name: { type: 'string', pattern: '^(a+)+$' }, pattern: { type: 'integer' } },
  required: ['name'],
  additionalProperties: false,
};

describe('a structured answer', () => {
  it('is the value where it fits, fenced or not; else text, with its problems', async () => {
    const schema = await answerSchema({ type: 'array', items: PORT });
    expect(schema.read('[{"name":"clk"}]')).toEqual({ ok: true, value: [{ name: 'clk' }] });
    expect(schema.read('```json\n[{"name":"clk","pattern":1}]\n```')).toMatchObject({ ok: true });
    expect(schema.read('[{"width":1}]')).toMatchObject({
      ok: false,
      problems: [expect.stringContaining("required property 'name'"), expect.stringContaining('additional')],
    });
    expect(schema.read('The port is clk.')).toMatchObject({ ok: false, problems: [expect.stringContaining('JSON')] });
  });

  it('is not checked against patterns, which may never end, and that is said; a member of that name is', async () => {
    const schema = await answerSchema(PORT);
    expect(schema.unchecked).toEqual(['pattern']);
    expect(schema.read(`{"name":"${'a'.repeat(50)}!"}`)).toMatchObject({ ok: true });
    expect(schema.read('{"name":"a","pattern":"x"}')).toMatchObject({ ok: false });
  });

  it('may refer to itself', async () => {
    const schema = await answerSchema({ type: 'object', properties: { child: { $ref: '#' } }, required: [] });
    expect(schema.read('{"child":{"child":{}}}')).toMatchObject({ ok: true });
    expect(schema.read('{"child":{"child":1}}')).toMatchObject({ ok: false });
  });

  it.each<[string, Record<string, unknown>]>([
    ['no schema', { type: 'nothing' }],
    ['a reference to elsewhere', { $ref: 'https://example.com/schema.json' }],
    ['too large', { description: 'x'.repeat(70_000) }],
    ['too deep', Array.from({ length: 40 }).reduce<Record<string, unknown>>((inner) => ({ not: inner }), {})],
  ])('is refused with the request: %s', async (_name, schema) => {
    await expect(answerSchema(schema)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
