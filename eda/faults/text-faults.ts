// Faults that a compiler should see: broken syntax, ports that are missing, names in the wrong letter case.
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import { range } from './structure.ts';
import type { Span, Structure } from './structure.ts';
import type { Edit, Fault } from './types.ts';

const MISSPELT: Readonly<Record<string, string>> = {
  assign: 'asign',
  always_ff: 'alway_ff',
  always_comb: 'always_com',
  begin: 'begn',
  logic: 'logc',
  wire: 'wyre',
  posedge: 'posedg',
  module: 'modul',
  if: 'fi',
  else: 'esle',
  endcase: 'encase',
  end: 'ned',
};

export const removal = (token: Token): Edit => ({ start: token.start, end: token.end, text: '' });
export const change = (token: Token, text: string): Edit => ({ start: token.start, end: token.end, text });

/** From the first to the last token of a span. */
export function cut(tokens: readonly Token[], span: Span, text = ''): Edit | null {
  const [first, last] = [tokens[span.from], tokens[span.to]];
  return first === undefined || last === undefined ? null : { start: first.start, end: last.end, text };
}

/** A token is gone, doubled or misspelt. */
export function syntaxFaults({ tokens, assignments, choices, blocks, ports, connections }: Structure): Fault[] {
  const out: Fault[] = [];
  const add = (
    token: Token | undefined,
    edit: Edit | null,
    description: string,
    more: readonly number[] = [],
  ): void => {
    if (token !== undefined && edit !== null)
      out.push({ class: 'syntax', description, edits: [edit], lines: [token.line, ...more], signals: [] });
  };
  for (const { span, operator } of assignments) {
    const end = tokens[span.to];
    if (end?.text === ';') add(end, removal(end), '`;` missing');
    const op = tokens[operator];
    if (op !== undefined) {
      add(op, change(op, op.text === '=' ? '= =' : '<= ='), `\`${op.text}\` doubled`);
      add(op, removal(op), `\`${op.text}\` missing`);
    }
    const bracket = range(span).find(
      (at) => tokens[at]?.text === ')' || tokens[at]?.text === ']' || tokens[at]?.text === '}',
    );
    const token = bracket === undefined ? undefined : tokens[bracket];
    if (token !== undefined) add(token, removal(token), `\`${token.text}\` missing`);
  }
  for (const { kind, condition } of choices) {
    const close = tokens[condition.to + 1];
    if (close !== undefined) add(close, removal(close), `\`)\` of ${kind} missing`);
  }
  for (const { from, to } of blocks) {
    const [begin, end] = [tokens[from], tokens[to]];
    if (begin !== undefined && end?.text === 'end') {
      // whoever reads "this `begin` has no `end`" knows the place as well as who reads where the `end` is missing
      add(end, removal(end), '`end` missing', [begin.line]);
      add(begin, removal(begin), '`begin` missing', [end.line]);
    }
  }
  for (const { at } of [...ports, ...connections]) {
    const comma = tokens.findIndex((token, index) => index > at && (token.text === ',' || token.text === ';'));
    const token = tokens[comma];
    if (token?.text === ',') add(token, removal(token), '`,` missing');
  }
  for (const token of tokens) {
    const wrong = token.kind === 'word' ? MISSPELT[token.text] : undefined;
    if (wrong !== undefined) add(token, change(token, wrong), `\`${token.text}\` misspelt \`${wrong}\``);
  }
  return out;
}

/** A port left out of a module's header, or of an instance, or connected under another name. */
export function missingPortFaults({ tokens, ports, connections }: Structure): Fault[] {
  const out: Fault[] = [];
  for (const { name, at, remove } of ports) {
    const [edit, token] = [cut(tokens, remove), tokens[at]];
    if (edit !== null && token !== undefined)
      out.push({
        class: 'missing port',
        description: `port ${name} left out of the header`,
        edits: [edit],
        lines: [token.line],
        signals: [name],
      });
  }
  for (const { port, at, remove, signals } of connections) {
    const [edit, token] = [cut(tokens, remove), tokens[at]];
    if (edit === null || token === undefined) continue;
    out.push({
      class: 'missing port',
      description: `port ${port} not connected`,
      edits: [edit],
      lines: [token.line],
      signals: [port, ...signals],
    });
    out.push({
      class: 'missing port',
      description: `port ${port} connected as ${port}_i`,
      edits: [change(token, `${port}_i`)],
      lines: [token.line],
      signals: [port, ...signals],
    });
  }
  return out;
}

/** `count` written `Count`: another name to the language. */
export function letterCaseFaults({ tokens, assignments }: Structure): Fault[] {
  return assignments.flatMap(({ span, operator, targets }) =>
    range({ from: operator + 1, to: span.to }).flatMap((at): Fault[] => {
      const token = tokens[at];
      const other = token?.text === token?.text.toLowerCase() ? token?.text.toUpperCase() : token?.text.toLowerCase();
      if (token?.kind !== 'word' || other === undefined || other === token.text || tokens[at - 1]?.text === '.')
        return [];
      return [
        {
          class: 'wrong case',
          description: `${token.text} written ${other}`,
          edits: [change(token, other)],
          lines: [token.line],
          signals: [...targets, token.text],
        },
      ];
    }),
  );
}
