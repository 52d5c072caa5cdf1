import { describe, expect, it } from 'vitest';
import { MAX_SPEC_BYTES, parseSpec } from './parse-spec.ts';

const codes = (text: string) => {
  const spec = parseSpec(text, 'spec.md');
  return spec.kind === 'refused'
    ? spec.diagnostics.map(({ code, line, file, tool }) => [code, line, file, tool])
    : spec.kind;
};

describe('parseSpec', () => {
  it('refuses what is no text', () => {
    expect(codes('')).toEqual([['SPEC_EMPTY', 1, 'spec.md', 'genrtl']]);
    expect(codes('\uFEFF \r\n\t')).toEqual([['SPEC_EMPTY', 1, 'spec.md', 'genrtl']]);
    expect(codes('# a\n\0')).toEqual([['SPEC_BINARY', 1, 'spec.md', 'genrtl']]);
    expect(codes('\uFFFD\x01'.repeat(100))).toEqual([['SPEC_BINARY', 1, 'spec.md', 'genrtl']]);
    expect(codes('a'.repeat(MAX_SPEC_BYTES + 1))).toEqual([['SPEC_TOO_LARGE', 1, 'spec.md', 'genrtl']]);
  });

  it('counts bytes, not characters', () => {
    expect(codes('规'.repeat(Math.floor(MAX_SPEC_BYTES / 3)))).toBe('free');
    expect(codes('规'.repeat(Math.ceil(MAX_SPEC_BYTES / 3) + 1))).toEqual([['SPEC_TOO_LARGE', 1, 'spec.md', 'genrtl']]);
  });

  it('takes a spec with Top and Ports as structured, whatever the case, and any other as free text', () => {
    expect(codes('# T\n## TOP\n## ports:\n')).toBe('structured');
    expect(codes('# T\n## 1. Top\n## 2.1 Ports\n')).toBe('structured');
    expect(codes('# T\n## Ports\n')).toBe('free');
    expect(codes('# T\n## Top\n### Ports\n')).toBe('free');
    expect(codes('# T\n```\n## Top\n## Ports\n```\n')).toBe('free');
  });

  it('keeps the first paragraph as summary', () => {
    expect(parseSpec('# T\nOne.\n\nTwo.\n## Top\n## Ports\n', 'f')).toMatchObject({
      title: { text: 'T', line: 1 },
      summary: 'One. Two.',
    });
  });
});
