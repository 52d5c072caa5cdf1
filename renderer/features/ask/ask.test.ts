// What is offered behind `@`, how an answer is cut for drawing, which links are followed.
import { describe, expect, test } from 'vitest';
import { citationIn, citationUrl, linkCitations, mayBeFollowed } from './answer-links.ts';
import { answerParts } from './answer-parts.ts';
import { askAboutBlock } from './ask-schematic.ts';
import { mentionAt, mentionsFor } from './mentions.ts';

const sources = {
  files: ['src/uart_tx.sv', 'src/uart_rx.sv', '.genRTL/vendor/x.sv'],
  units: [{ name: 'uart_tx', kind: 'module', path: 'src/uart_tx.sv' }],
  problems: [
    { tool: 'verilator', severity: 'warning', code: 'WIDTH', message: 'too wide', file: 'src/uart_tx.sv', line: 4 },
  ],
  jobId: 'job_1',
  steps: [],
  spec: { path: 'spec.md', text: '# UART\n\ntext\n## Ports\n' },
} as const;

describe('@', () => {
  test.each([
    ['what is @uar', 12, { from: 8, query: 'uar' }],
    ['@', 1, { from: 0, query: '' }],
    ['mail me at a@b', 14, null],
    ['@done then', 10, null],
  ])('%j', (text, cursor, found) => expect(mentionAt(text, cursor)).toEqual(found));

  const names = (query: string) => mentionsFor(query, sources).map(({ kind, label }) => `${kind} ${label}`);
  test('each kind, what begins with the word first', () => {
    expect(names('uart_tx')).toEqual(['module uart_tx', 'file src/uart_tx.sv', 'problem WIDTH']);
    expect(names('file:uart')).toEqual(['file src/uart_tx.sv', 'file src/uart_rx.sv']);
    expect(names('spec:3')).toEqual(['spec spec:3']);
    expect(names('spec:')).toEqual(['spec spec:1', 'spec spec:4']);
    expect(names('')).toContain('problem WIDTH');
    expect(names('nothing-like-it')).toEqual([]);
  });
});

test('an answer is cut at blank lines outside of code, and lost nowhere', () => {
  const text = 'One.\n\nTwo:\n\n```sv\nmodule a;\n\nendmodule\n```\n\n- x\n\n- y\n\nEnd';
  const parts = answerParts(text);
  expect(parts.join('')).toBe(text);
  expect(parts).toEqual(['One.\n\n', 'Two:\n\n', '```sv\nmodule a;\n\nendmodule\n```\n\n- x\n\n- y\n\n', 'End']);
  expect(answerParts('```sv\nopen\n\nstill')).toEqual(['```sv\nopen\n\nstill']);
});

test('a block of the schematic goes with its pins, what they are connected to, and its line', () => {
  const port = (name: string, direction: 'input' | 'output') => ({ name, direction, width: 4 });
  const fifo = {
    id: 'f',
    kind: 'instance',
    name: 'u_fifo',
    label: 'fifo',
    ports: [port('d', 'input')],
    source: { path: 'src/top.sv', line: 7, column: 3 },
  } as const;
  const pin = { id: 'p', kind: 'port', name: 'data', label: 'data', ports: [], source: null } as const;
  const edge = { id: 'e', from: { node: 'p', port: 'data' }, to: { node: 'f', port: 'd' }, width: 4, name: 'data' };
  const graph = {
    module: 'top',
    nodes: [
      { ...fifo, ports: [...fifo.ports] },
      { ...pin, ports: [] },
    ],
    edges: [edge],
    instances_only: false,
  };
  expect(askAboutBlock(graph, graph.nodes[0] ?? null)).toEqual({
    kind: 'view',
    name: 'top.u_fifo',
    text: [
      'instance u_fifo (fifo) in module top',
      'declared at src/top.sv:7',
      'input [4] d',
      'd is driven by port data.data (net data)',
    ].join('\n'),
  });
  expect(askAboutBlock(graph, null)).toEqual({ kind: 'module', name: 'top' });
});

describe('links', () => {
  test.each([
    ['https://verilator.org/guide/latest/warnings.html', true],
    ['https://verilator.org/?leak=secret', false],
    ['http://verilator.org/', false],
    ['https://verilator.org.evil.example/', false],
    ['https://user:pass@verilator.org/', false],
    ['javascript:alert(1)', false],
    ['file:///etc/passwd', false],
    [undefined, false],
  ])('%s', (href, followed) => expect(mayBeFollowed(href)).toBe(followed));

  test('places become links of our own; those in links and code blocks do not', () => {
    const text = (value: string) => ({ type: 'text', value });
    const tree = {
      type: 'root',
      children: [
        { type: 'paragraph', children: [text('see a/b.sv:3!')] },
        { type: 'link', url: 'x', children: [text('a.sv:1')] },
        { type: 'code', value: 'a.sv:1' },
      ],
    };
    linkCitations()(tree);
    expect(tree.children[0]?.children).toEqual([
      text('see '),
      { type: 'link', url: citationUrl('a/b.sv', 3), children: [text('a/b.sv:3')] },
      text('!'),
    ]);
    expect(tree.children.slice(1)).toEqual([
      { type: 'link', url: 'x', children: [text('a.sv:1')] },
      { type: 'code', value: 'a.sv:1' },
    ]);
    expect(citationIn(citationUrl('a/b.sv', 3))).toEqual({ path: 'a/b.sv', line: 3 });
    expect(citationIn('cite:%zz:3')).toBeNull();
  });
});
