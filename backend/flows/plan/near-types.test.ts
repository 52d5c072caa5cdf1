// Plans as models write them: decoration around the JSON, and fields in near types.
import { describe, expect, it } from 'vitest';
import { checkPlan } from '@genrtl/core/plan/index.ts';
import { jsonAnswer } from '../answers/json-text.ts';
import { looksLikePlan, nearPlan } from './near-types.ts';
import { fromPlanWire } from './plan-answer.ts';

const PLAN = {
  title: 'Counter',
  summary: 'Counts.',
  top: {
    name: 'counter',
    purpose: 'counts',
    ports: [
      { name: 'clk', direction: 'input', width: '1', description: '' },
      { name: 'rst_n', direction: 'input', width: '1', description: '' },
      { name: 'count', direction: 'output', width: '4', description: '' },
    ],
    parameters: [],
    clocks: ['clk'],
    resets: [{ name: 'rst_n', active: 'low', async: true }],
    instances: [],
  },
  modules: [],
  cbb_requirements: [],
  verification: { checks: [{ id: 'C1', text: 'counts' }] },
  files: [
    { path: 'src/counter.sv', purpose: 'rtl' },
    { path: 'tb/tb_counter.sv', purpose: 'bench' },
  ],
  assumptions: [],
  questions: [],
};
const TEXT = JSON.stringify(PLAN, null, 1);
const read = (answer: string): unknown => {
  const json = jsonAnswer(answer, looksLikePlan);
  return json.found ? nearPlan(fromPlanWire(json.value)) : json.problem;
};

describe('the JSON of a plan', () => {
  it.each([
    ['in a fence', `\`\`\`json\n${TEXT}\n\`\`\``],
    ['prose with braces before it', `For {each} port {x} I chose:\n${TEXT}\nDone {ok}.`],
    ['thoughts', `<think>{"top": 1}</think>${TEXT}`],
    ['only the end of thoughts', `Maybe {"title": "x"}?\n</think>\n${TEXT}`],
    ['thinking', `<thinking>hm</thinking>\n${TEXT}`],
    [
      'channel marks',
      `<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>${TEXT}<|return|>`,
    ],
    ['a trailing comma', TEXT.replace('"questions": []', '"questions": [],')],
    ['comments', TEXT.replace('"modules"', '// none { yet\n /* } */ "modules"')],
    ['single quotes', TEXT.replaceAll('"', "'")],
    ['smart quotes', TEXT.replaceAll(/"([^"]*)"/g, '“$1”')],
    ['a draft before the final object', `${JSON.stringify({ ...PLAN, title: 'Draft' })}\nBetter:\n${TEXT}`],
    ['a wrapper', `{"plan": ${TEXT}}`],
    ['two wrappers and a list', `[{"result": {"plan": ${TEXT}}}]`],
    ['a string', JSON.stringify(TEXT)],
    ['a call of a tool', JSON.stringify({ tool_calls: [{ function: { name: 'plan', arguments: TEXT } }] })],
    ['a wrapper with a string', JSON.stringify({ result: TEXT })],
  ])('%s', (_name, answer) => {
    expect(read(answer)).toEqual(PLAN);
  });
  it('a raw line break in a string stays one', () => {
    expect(read(TEXT.replace('Counts.', 'Counts\nup.'))).toEqual({ ...PLAN, summary: 'Counts\nup.' });
  });
  it.each([
    ['nothing', 'I would rather talk.', 'holds no JSON object'],
    [
      'parts left out',
      TEXT.replace('"modules": []', '"modules": [ ... ]').replace('"questions"', '// none\n"questions"'),
      'parts left out',
    ],
    ['cut off', TEXT.slice(0, -40), 'cut off'],
    ['cut off in a string', TEXT.slice(0, 30), 'cut off'],
  ])('%s is refused', (_name, answer, problem) => {
    expect(read(answer)).toContain(problem);
  });
});

describe('near types', () => {
  const top = (change: object): unknown => nearPlan({ ...PLAN, top: { ...PLAN.top, ...change } });
  it.each([4, '4', '[3:0]', '3:0', '4-bit', '4 bits', '4位', 'logic [3:0]'])('width %j', (width) => {
    expect(top({ ports: [...PLAN.top.ports.slice(0, 2), { name: 'count', direction: 'out', width }] })).toEqual(PLAN);
  });
  it.each([
    ['[WIDTH-1:0]', 'WIDTH'],
    ['[2*N - 1 : 0]', '2*N'],
    ['[A+B-1:0]', '(A+B)'],
    ['[N:0]', 'N+1'],
    ['WIDTH', 'WIDTH'],
    ['[7:4]', '[7:4]'],
  ])('width %s is %s', (width, expected) => {
    expect(top({ ports: [{ name: 'a', direction: 'in', width }] })).toMatchObject({
      top: { ports: [{ direction: 'input', width: expected }] },
    });
  });
  it.each([
    ['declarations', ['input clk', 'input logic rst_n,', 'output logic [3:0] count']],
    ['sides', { inputs: ['clk', { name: 'rst_n' }], outputs: [{ name: 'count', width: 4 }] }],
    [
      'Chinese words and the width at the name',
      [
        { name: 'clk', direction: '输入' },
        { name: 'rst_n', direction: '输入', width: '1位' },
        { name: 'count[3:0]', direction: '输出' },
      ],
    ],
  ])('ports as %s', (_name, ports) => {
    expect(top({ ports })).toEqual(PLAN);
  });
  it.each([
    { name: 'rst_n', active: 'active_low', async: 'true' },
    { name: 'rst_n', active_low: true, type: 'async' },
    { name: 'rst_n', polarity: 'active low', asynchronous: true },
    { name: 'rst_n', active_high: false, async: true },
  ])('reset %j', (reset) => {
    expect(top({ resets: [reset], clocks: [{ name: 'clk', period: 10 }] })).toEqual(PLAN);
  });
  it('clock and reset in the singular, ports and files by their names, a kind beside the direction', () => {
    const { clocks: _clocks, resets: _resets, ports, ...rest } = PLAN.top;
    const named = Object.fromEntries(
      ports.map(({ name, direction, width }) => [name, { direction: `${direction} logic`, width }]),
    );
    const files = Object.fromEntries(PLAN.files.map(({ path, purpose }) => [path, purpose]));
    expect(
      nearPlan({ ...PLAN, files, top: { ...rest, ports: named, clock: 'clk', reset: PLAN.top.resets[0] } }),
    ).toMatchObject(PLAN);
  });
  it('a reset by its name alone is read by its name, and the plan says so', () => {
    expect(top({ resets: ['rst_n'] })).toMatchObject({
      top: { resets: [{ name: 'rst_n', active: 'low', async: true }] },
      assumptions: [expect.stringContaining('active low and asynchronous') as string],
    });
    expect(top({ resets: [{ name: 'rst', async: false }] })).toMatchObject({
      top: { resets: [{ name: 'rst', active: 'high', async: false }] },
    });
  });
  it('left-out lists, checks as strings, ids missing, a top by name', () => {
    const { title, top: module } = PLAN;
    const { parameters: _p, instances: _i, ...bare } = module;
    const short = {
      title,
      summary: 'Counts.',
      top: 'counter',
      modules: [bare],
      verification: { checks: ['counts', { id: 'C2', description: 'wraps', spec_line: '7' }] },
      cbb_requirements: ['fifo', { function: 'uart', width: '8-bit' }],
      files: ['src/counter.sv', 'tb/tb_counter.sv'],
    };
    expect(nearPlan(short)).toMatchObject({
      top: { name: 'counter', parameters: [], instances: [] },
      modules: [],
      verification: {
        checks: [
          { id: 'C1', text: 'counts' },
          { id: 'C2', text: 'wraps', spec_line: 7 },
        ],
      },
      cbb_requirements: [
        { id: 'R1', function: 'fifo', needs_tb: true },
        { id: 'R2', function: 'uart', width: 8 },
      ],
      questions: [],
    });
    expect(checkPlan(nearPlan(short))).toMatchObject({ ok: true });
  });
  it('what is no plan is not made one', () => {
    for (const value of [null, 1, [], {}, { top: {} }, { top: { name: 'x', ports: [{}] } }])
      expect(checkPlan(nearPlan(value))).toMatchObject({ ok: false });
  });
});
