import { describe, expect, it } from 'vitest';
import { meaningOf } from './meanings.ts';

describe('what a finding means', () => {
  it.each([
    ['WIDTHTRUNC', 'Operator ASSIGN expects 8 bits', 'width'],
    ['PINMISSING', "Cell has missing pin: 'rd_en'", 'pin'],
    [undefined, "Can't find definition of variable: 'tikc'", 'undeclared'],
    [undefined, "Unable to bind wire/reg/memory `x' in `top'", 'undeclared'],
    [undefined, 'FAIL signal=intr time=110', 'check'],
    [undefined, 'Unknown module type: fifo', 'missingModule'],
    [undefined, 'syntax error', 'syntax'],
    ['SYNTAX_SEMICOLON', '缺少分号', 'syntax'],
    ['constructor', 'something new', null],
  ])('%s %s', (code, message, meaning) =>
    expect(meaningOf({ message, ...(code === undefined ? {} : { code }) })).toBe(meaning),
  );
});
