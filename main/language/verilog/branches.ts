// One reading of conditional code: the branches of `` `ifdef `` taken as if every name were defined, or none.
import { isCode } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';

interface Branch {
  /** the code around it is read */
  readonly around: boolean;
  /** a branch of it was taken */
  done: boolean;
  active: boolean;
}

/**
 * The code of those branches. What the text itself defines before is known; a guard against including twice is passed.
 */
export function activeCode(text: string, tokens: readonly Token[], defined: boolean): Token[] {
  const code: Token[] = [];
  const open: Branch[] = [];
  const known = new Map<string, boolean>();
  const active = (): boolean => open.at(-1)?.active ?? true;
  const nameOf = ({ start, end }: Token): string => /^`\w+[ \t]+(\S+)/.exec(text.slice(start, end))?.[1] ?? '';
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'directive') {
      if (isCode(token) && active()) code.push(token);
      continue;
    }
    const top = open.at(-1);
    const is = (): boolean => known.get(nameOf(token)) ?? defined;
    switch (token.text) {
      case '`ifdef':
      case '`ifndef': {
        const taken = token.text === '`ifdef' ? is() : !is() || isGuard(text, tokens, at, nameOf(token));
        open.push({ around: active(), done: taken, active: active() && taken });
        break;
      }
      case '`elsif':
      case '`else':
        if (top === undefined) break;
        top.active = top.around && !top.done && (token.text === '`else' || is());
        top.done ||= top.active;
        break;
      case '`endif':
        open.pop();
        break;
      case '`define':
        if (active())
          known.set(/^`define[ \t]+([A-Za-z_][\w$]*)/.exec(text.slice(token.start, token.end))?.[1] ?? '', true);
        break;
      case '`undef':
        if (active()) known.set(nameOf(token), false);
        break;
      default:
    }
  }
  return code;
}

/** `` `ifndef X `` with `` `define X `` right behind it. */
function isGuard(text: string, tokens: readonly Token[], at: number, name: string): boolean {
  const next = tokens.slice(at + 1, at + 6).find(({ kind }) => kind !== 'comment');
  return (
    next?.text === '`define' &&
    new RegExp(`^\`define[ \\t]+${name.replace(/[^\w]/g, '')}\\b`).test(text.slice(next.start, next.end))
  );
}
