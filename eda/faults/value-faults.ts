// Faults that only simulation sees: widths, polarities, counts that are off by one, resets, the kind of assignment,
// cases.
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import { change, cut, removal } from './text-faults.ts';
import { range } from './structure.ts';
import type { Assignment, Choice, Span, Structure } from './structure.ts';
import type { Edit, Fault, FaultClass } from './types.ts';

const NEIGHBOUR: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

/** Numbers, operators and so on of the right sides, with what they decide. */
function* rightSides({
  tokens,
  assignments,
}: Structure): Generator<{ token: Token; at: number; assignment: Assignment }> {
  for (const assignment of assignments) {
    for (const at of range({ from: assignment.operator + 1, to: assignment.span.to - 1 })) {
      const token = tokens[at];
      if (token !== undefined) yield { token, at, assignment };
    }
  }
}

function* conditions({ tokens, choices }: Structure): Generator<{ token: Token; at: number; choice: Choice }> {
  for (const choice of choices) {
    for (const at of range(choice.condition)) {
      const token = tokens[at];
      if (token !== undefined) yield { token, at, choice };
    }
  }
}

const fault = (
  kind: FaultClass,
  description: string,
  token: Token,
  edits: readonly (Edit | null)[],
  signals: Iterable<string>,
  lines: readonly number[] = [],
): Fault[] =>
  edits.every((edit) => edit !== null)
    ? [{ class: kind, description, edits, lines: [token.line, ...lines], signals: [...signals] }]
    : [];

export function widthFaults(structure: Structure): Fault[] {
  const { tokens, declarations } = structure;
  const out: Fault[] = [];
  for (const { names, range: span } of declarations) {
    const colon = range(span).find((at) => tokens[at]?.text === ':');
    const [first, last] = [tokens[span.from], tokens[(colon ?? 0) - 1]];
    if (colon === undefined || first === undefined || last === undefined) continue;
    if (span.from === colon - 1 && first.kind === 'number') {
      for (const by of [-1, 1])
        if (Number(first.text) + by >= 0)
          out.push(
            ...fault(
              'width',
              `[${first.text}:…] of ${names.join(', ')} made [${Number(first.text) + by}:…]`,
              first,
              [change(first, String(Number(first.text) + by))],
              names,
            ),
          );
    } else if (last.text === '1' && tokens[colon - 2]?.text === '-') {
      for (const other of ['0', '2'])
        out.push(
          ...fault('width', `[…-1:0] of ${names.join(', ')} made […-${other}:0]`, last, [change(last, other)], names),
        );
    }
  }
  for (const { token, at, assignment } of rightSides(structure)) {
    const sized = /^(\d+)('[sS]?[bodhBODH].+)$/.exec(token.text);
    if (sized?.[1] !== undefined && Number(sized[1]) > 1) {
      const width = Number(sized[1]) - 1;
      out.push(
        ...fault(
          'width',
          `${token.text} made ${width} bits wide`,
          token,
          [change(token, `${width}${sized[2] ?? ''}`)],
          assignment.targets,
        ),
      );
    }
    if (token.text === ':' && tokens[at - 2]?.text === '-' && tokens[at - 1]?.text === '1') {
      const one = tokens[at - 1];
      if (one !== undefined)
        out.push(...fault('width', 'part select one bit narrower', one, [change(one, '2')], assignment.targets));
    }
  }
  return out;
}

export function polarityFaults(structure: Structure): Fault[] {
  const { tokens, processes } = structure;
  const out: Fault[] = [];
  for (const { header, drives } of processes) {
    for (const at of range(header)) {
      const token = tokens[at];
      if (token?.text !== 'posedge' && token?.text !== 'negedge') continue;
      const other = token.text === 'posedge' ? 'negedge' : 'posedge';
      out.push(
        ...fault(
          'wrong polarity',
          `${token.text} ${tokens[at + 1]?.text ?? ''} made ${other}`,
          token,
          [change(token, other)],
          [...drives, tokens[at + 1]?.text ?? ''],
        ),
      );
    }
  }
  const flip = (token: Token, at: number, signals: Iterable<string>): void => {
    if (token.text === '!' || token.text === '~')
      out.push(...fault('wrong polarity', `${token.text} left out`, token, [removal(token)], signals));
    else if ((token.text === "1'b1" || token.text === "1'b0") && !['+', '-'].includes(tokens[at - 1]?.text ?? ''))
      out.push(
        ...fault(
          'wrong polarity',
          `${token.text} inverted`,
          token,
          [change(token, token.text === "1'b1" ? "1'b0" : "1'b1")],
          signals,
        ),
      );
    else if (isBoolean(tokens, at))
      out.push(...fault('wrong polarity', `${token.text} inverted`, token, [change(token, `!${token.text}`)], signals));
  };
  for (const { token, at, assignment } of rightSides(structure)) flip(token, at, assignment.targets);
  for (const { token, at, choice } of conditions(structure)) flip(token, at, choice.drives);
  return out;
}

/** A name that stands alone between logical operators, so that it is one bit wide in any sane code. */
function isBoolean(tokens: readonly Token[], at: number): boolean {
  const around = [tokens[at - 1]?.text ?? '', tokens[at + 1]?.text ?? ''];
  return (
    tokens[at]?.kind === 'word' &&
    around.some((text) => text === '&&' || text === '||') &&
    around.every((text) => ['&&', '||', '(', ')', ';', '=', '<=', '?'].includes(text))
  );
}

export function offByOneFaults(structure: Structure): Fault[] {
  const { tokens } = structure;
  const out: Fault[] = [];
  const shift = (token: Token, at: number, signals: Iterable<string>, comparing: boolean): void => {
    const other = NEIGHBOUR[token.text];
    if (comparing && other !== undefined)
      out.push(...fault('off by one', `${token.text} made ${other}`, token, [change(token, other)], signals));
    const before = tokens[at - 1]?.text;
    const one = token.text === '1' || token.text === "1'b1";
    if (one && (before === '-' || before === '+'))
      out.push(
        ...fault(
          'off by one',
          `${before} ${token.text} made ${before} 0`,
          token,
          [change(token, token.text === '1' ? '0' : "1'b0")],
          signals,
        ),
      );
    const sized = /^(\d+)?'([bodhBODH])([\da-fA-F_]+)$/.exec(token.text);
    const radix = { b: 2, o: 8, d: 10, h: 16 }[(sized?.[2] ?? '').toLowerCase()];
    if (sized?.[3] === undefined || radix === undefined || sized[1] === '1') return;
    const value = Number.parseInt(sized[3].replaceAll('_', ''), radix);
    for (const by of [1, -1]) {
      if (value + by < 0 || (sized[1] !== undefined && value + by >= 2 ** Number(sized[1]))) continue;
      const text = `${sized[1] ?? ''}'${sized[2] ?? ''}${(value + by).toString(radix)}`;
      out.push(...fault('off by one', `${token.text} made ${text}`, token, [change(token, text)], signals));
    }
  };
  for (const { token, at, assignment } of rightSides(structure)) shift(token, at, assignment.targets, true);
  for (const { token, at, choice } of conditions(structure)) shift(token, at, choice.drives, true);
  for (const { token, at, assignment } of rightSides(structure)) {
    if (
      tokens[at - 1]?.text !== '[' ||
      token.kind !== 'number' ||
      !/^\d+$/.test(token.text) ||
      tokens[at + 1]?.text !== ']'
    )
      continue;
    const near = token.text === '0' ? '1' : String(Number(token.text) - 1);
    out.push(
      ...fault('off by one', `bit [${token.text}] made [${near}]`, token, [change(token, near)], assignment.targets),
    );
  }
  return out;
}

export function missingResetFaults({ tokens, assignments, processes, choices }: Structure): Fault[] {
  const out: Fault[] = [];
  for (const { span, reset, targets } of assignments) {
    const first = tokens[span.from];
    if (reset && first !== undefined)
      out.push(
        ...fault('missing reset', `no reset of ${targets.join(', ')}`, first, [cut(tokens, span, ';')], targets),
      );
  }
  for (const { header, drives } of processes) {
    const or = range(header).find((at) => tokens[at]?.text === 'or' || tokens[at]?.text === ',');
    const token = or === undefined ? undefined : tokens[or];
    if (or !== undefined && token !== undefined)
      out.push(
        ...fault(
          'missing reset',
          'reset not in the sensitivity list',
          token,
          [cut(tokens, { from: or, to: header.to - 1 })],
          drives,
        ),
      );
  }
  for (const { reset, condition, drives } of choices) {
    const first = tokens[condition.from];
    if (reset && first !== undefined)
      out.push(...fault('missing reset', 'reset branch never taken', first, [cut(tokens, condition, "1'b0")], drives));
  }
  return out;
}

export function assignmentKindFaults({ tokens, assignments }: Structure): Fault[] {
  return assignments.flatMap(({ operator, process, targets }) => {
    const token = tokens[operator];
    if (token === undefined || process === null) return [];
    if (process.kind === 'clocked' && token.text === '<=')
      return fault(
        'blocking/non-blocking',
        `blocking assignment to ${targets.join(', ')} in a clocked process`,
        token,
        [change(token, '=')],
        targets,
      );
    if (process.kind === 'combinational' && token.text === '=')
      return fault(
        'blocking/non-blocking',
        `non-blocking assignment to ${targets.join(', ')} in a combinational process`,
        token,
        [change(token, '<=')],
        targets,
      );
    return [];
  });
}

/** Branches of case, if and ?: that changed places, or are gone. */
export function caseFaults(structure: Structure): Fault[] {
  const { tokens, choices } = structure;
  const out: Fault[] = [];
  for (const { kind, branches, drives, reset } of choices) {
    if (reset) continue;
    const swap = (description: string, a: Span | null | undefined, b: Span | null | undefined): void => {
      if (a == null || b == null) return;
      const [first, second] = [textOf(tokens, structure, a), textOf(tokens, structure, b)];
      const token = tokens[a.from];
      if (token === undefined || first === null || second === null) return;
      out.push(
        ...fault(
          'wrong case',
          description,
          token,
          [cut(tokens, a, second), cut(tokens, b, first)],
          drives,
          linesOf(tokens, [a, b]),
        ),
      );
    };
    const [a, b] = branches;
    if (kind === 'if') swap('branches of if and else exchanged', a?.body, b?.body);
    else
      branches.slice(1).forEach((branch, index) => {
        swap('labels of two cases exchanged', branches[index]?.label, branch.label);
      });
  }
  for (const { token, at, assignment } of rightSides(structure)) {
    if (token.text !== '?') continue;
    const { then, otherwise } = ternary(tokens, at, assignment.span.to);
    const [first, second] = [textOf(tokens, structure, then), textOf(tokens, structure, otherwise)];
    if (first === null || second === null) continue;
    out.push(
      ...fault(
        'wrong case',
        'values of ?: exchanged',
        token,
        [cut(tokens, then, second), cut(tokens, otherwise, first)],
        assignment.targets,
        linesOf(tokens, [then, otherwise]),
      ),
    );
  }
  return out;
}

function ternary(tokens: readonly Token[], at: number, end: number): { then: Span; otherwise: Span } {
  let depth = 0;
  let nested = 0;
  let colon = end;
  let close = end;
  for (let index = at + 1; index < end; index++) {
    const text = tokens[index]?.text ?? '';
    if (text === '(' || text === '[' || text === '{') depth++;
    else if (text === ')' || text === ']' || text === '}') depth--;
    if (depth < 0 || (depth === 0 && text === ',')) {
      close = index;
      break;
    }
    if (depth > 0) continue;
    if (text === '?') nested++;
    else if (text === ':' && colon === end && nested-- === 0) colon = index;
  }
  return { then: { from: at + 1, to: colon - 1 }, otherwise: { from: colon + 1, to: close - 1 } };
}

/** Text on one line only: exchanged texts must not move other lines. */
function textOf(tokens: readonly Token[], { source }: Structure, span: Span): string | null {
  const [first, last] = [tokens[span.from], tokens[span.to]];
  if (first === undefined || last === undefined || first.start > last.start) return null;
  const text = source.slice(first.start, last.end);
  return text.includes('\n') ? null : text;
}

const linesOf = (tokens: readonly Token[], spans: readonly Span[]): number[] => [
  ...new Set(spans.flatMap(({ from }) => tokens[from]?.line ?? [])),
];
