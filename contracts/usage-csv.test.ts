// CSV that a spreadsheet opens: cells that begin like a formula are text, amounts stay numbers.
import { expect, it } from 'vitest';
import { csvCell, usageCsvHeader, usageCsvLine } from './usage-csv.ts';

it.each([
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['+1', "'+1"],
  ["-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"],
  ['\t=1', "'\t=1"],
  [' =1', "' =1"],
  ['\r=1', '"\'\r=1"'],
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ['-0.50', '-0.50'],
  ['plain, "quoted"', '"plain, ""quoted"""'],
  [null, ''],
  [0, '0'],
])('%j becomes %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

it('keeps the columns that scripts know first', () => {
  expect(usageCsvHeader()).toMatch(/^time,job_id,step_id,kind,item,version,amount_usd,bucket,receipt_id,/);
  const line = usageCsvLine({
    time: '2026-01-01T00:00:00.000Z',
    job_id: null,
    step_id: 'plan_1',
    kind: 'model',
    item: '=evil',
    version: 'card@1',
    amount_usd: '-0.50',
    bucket: 'on_demand',
    receipt_id: null,
    input_tokens: 10,
    output_tokens: 5,
    cached_tokens: 0,
    cache_write_tokens: null,
    first_token_ms: 120,
    duration_ms: 900,
    estimated: false,
  });
  expect(line).toBe("2026-01-01T00:00:00.000Z,,plan_1,model,'=evil,card@1,-0.50,on_demand,,10,5,0,,120,900");
});
