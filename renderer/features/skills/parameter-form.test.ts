import { describe, expect, it } from 'vitest';
import { fieldsOf, valuesOf } from './parameter-form.ts';

const SCHEMA = {
  type: 'object',
  required: ['top'],
  properties: {
    top: { type: 'string', title: 'Top module' },
    effort: { enum: ['low', 'high'], default: 'low' },
    threads: { type: 'integer', minimum: 1, maximum: 64, default: 1 },
    flatten: { type: 'boolean', default: true },
    sources: { type: 'array', items: { type: 'string' } },
  },
};

describe('a form from a schema', () => {
  it('has a field of the right kind for each parameter', () => {
    expect(
      fieldsOf(SCHEMA).map(({ name, kind, required, initial, note }) => [name, kind, required, initial, note]),
    ).toEqual([
      ['top', 'text', true, '', ''],
      ['effort', 'choice', false, 'low', ''],
      ['threads', 'number', false, '1', '1 … 64'],
      ['flatten', 'switch', false, 'true', ''],
      ['sources', 'list', false, '', ''],
    ]);
  });
  it('gives values of the right type and leaves empty ones out', () => {
    expect(
      valuesOf(fieldsOf(SCHEMA), {
        top: ' cpu ',
        effort: 'high',
        threads: '4',
        flatten: 'false',
        sources: 'a.v, b.v,',
      }),
    ).toEqual({ top: 'cpu', effort: 'high', threads: 4, flatten: false, sources: ['a.v', 'b.v'] });
    expect(valuesOf(fieldsOf(SCHEMA), { top: '', threads: 'many' })).toEqual({ threads: 'many' });
  });
  it('copes with a skill that has no readable schema', () => expect(fieldsOf(null)).toEqual([]));
});
