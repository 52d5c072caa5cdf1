// A harness inside the module itself: outputs get other names inside, the spoilt ones go out under their own, so that
// whoever looks below the module finds everything at its place. Macros and conditionals are written out.
import { closing, nextAtDepth, textOf } from '@genrtl/core/hdl/brackets.ts';
import { isKeyword, isWord } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import type { HdlModule, HdlPort } from '@genrtl/core/hdl/module-reader.ts';
import type { HarnessSource } from './harness.ts';
import { dims, escapedName, netOf, typed, words } from './ports.ts';
import { goodNets, spoilerText, type Codes } from './spoiler.ts';

/** The file with the module in its place rewritten; null when a macro makes up the module itself. */
export function inPlace(
  { text, tokens, module }: HarnessSource,
  codes: Codes,
  outputs: readonly HdlPort[],
  bus: HdlPort | null,
): string | null {
  const own = tokens.slice(module.at, module.endAt + 1);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined || !isKeyword(last, 'endmodule')) return null;
  if (first.via.length > 0 || last.via.length > 0 || first.file !== last.file) return null;
  const names = new Map(outputs.map((port, index) => [port.name, codes.good(index)]));
  if (bus !== null) names.set(bus.name, `${codes.name}_z`);
  const headerEnd = module.headerEnd - module.at;
  const header = own.slice(0, headerEnd + 1);
  const body = own.slice(headerEnd + 1, -1);
  return [
    text.slice(0, first.start),
    module.ansi ? ansiHeader(header, module, new Set(outputs)) : asText(header),
    ...(module.ansi ? goodNets(codes, outputs, insideOf) : []),
    ...(bus === null || !module.ansi ? [] : [`  ${netOf(bus)} ${codes.name}_z;`]),
    asText(renamed(module.ansi ? body : oldStyleBody(body, names), names)),
    ...(bus === null ? [] : [`  assign ${codes.name}_z = ${escapedName(bus)};`]),
    spoilerText(codes, outputs),
    `endmodule${text.slice(last.end)}`,
  ].join('\n');
}

/** Inside, an output has the type that its port had. */
const insideOf = (port: HdlPort): string =>
  port.net === null && port.type === '' ? words('wire', port.signed ? 'signed' : '', dims(port.packed)) : typed(port);

/** Outputs become nets: what drives them now are continuous assignments. */
function ansiHeader(header: readonly Token[], module: HdlModule, outputs: ReadonlySet<HdlPort>): string {
  const open = header.findLastIndex(
    (token, index) => token.text === '(' && closing(header, index) === header.length - 2,
  );
  if (open === -1) return asText(header);
  const list = module.ports.map((port) => {
    const name = `${escapedName(port)} ${dims(port.unpacked)}`;
    if (port.interface !== null) return `${port.interface} ${name}`;
    return `${port.direction ?? ''} ${outputs.has(port) ? netOf(port) : typed(port)} ${name}`;
  });
  return `${asText(header.slice(0, open))} (\n  ${list.join(',\n  ')}\n);`;
}

const VARIABLE: ReadonlySet<string> = new Set(['reg', 'logic', 'integer', 'time']);
const TYPE: ReadonlySet<string> = new Set([...VARIABLE, 'wire', 'tri', 'signed']);

/** `output reg [3:0] q;` becomes `output [3:0] q; reg [3:0] <inner>;`, unless the type stands in an item of its own. */
function oldStyleBody(body: readonly Token[], names: ReadonlyMap<string, string>): Token[] {
  const typedApart = namesOfTypeItems(body, names);
  const out: Token[] = [];
  for (let index = 0; index < body.length; index++) {
    const token = body[index];
    if (token === undefined) break;
    if (!isKeyword(token, 'output') && !(isKeyword(token, 'inout') && names.size > 0)) {
      out.push(token);
      continue;
    }
    const end = nextAtDepth(body, index, ';');
    const statement = body.slice(index + 1, end);
    const types = statement.filter((one) => one.kind === 'word' && TYPE.has(one.text));
    const signed = types.filter((one) => one.text === 'signed');
    const rest = statement.filter((one) => !types.includes(one));
    const semicolon: Token = { ...token, kind: 'operator', text: ';' };
    out.push(token, ...signed, ...rest.map((one) => (names.has(one.text) ? fixed(one) : one)), semicolon);
    const range = rest.slice(0, rest.findIndex(isWord));
    const variable = types.some((one) => VARIABLE.has(one.text));
    for (const one of rest.filter((each) => isWord(each) && names.has(each.text) && !typedApart.has(each.text)))
      out.push(...(variable ? types : [{ ...token, text: 'wire' }, ...signed]), ...range, one, semicolon);
    index = end;
  }
  return out;
}

/** A name that stays as it is. */
const fixed = (token: Token): Token => ({ ...token, kind: 'system', text: textOf([token]) });

/** `reg [3:0] q;` beside `output [3:0] q;` */
function namesOfTypeItems(body: readonly Token[], names: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  for (const [index, token] of body.entries()) {
    if (token.kind !== 'word' || !TYPE.has(token.text) || token.text === 'signed') continue;
    const before = body[index - 1]?.text ?? '';
    if (before === 'output' || before === 'input' || before === 'inout') continue;
    for (const one of body.slice(index, nextAtDepth(body, index, ';'))) if (names.has(one.text)) found.add(one.text);
  }
  return found;
}

/** Names replaced, except behind a dot, where they are somebody else's; `.q` alone connects what `q` is now. */
function renamed(tokens: readonly Token[], names: ReadonlyMap<string, string>): Token[] {
  const out: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    const to = isWord(token) ? names.get(token.text) : undefined;
    if (to === undefined) out.push(token);
    else if (tokens[index - 1]?.text !== '.') out.push({ ...token, kind: 'word', text: to });
    else {
      out.push(token);
      const listed = tokens[index - 2]?.text === ',' || tokens[index - 2]?.text === '(';
      if (listed && tokens[index + 1]?.text !== '(')
        for (const text of ['(', to, ')']) out.push({ ...token, kind: text === to ? 'word' : 'operator', text });
    }
  }
  return out;
}

/** One statement a line; directives stand on lines of their own. */
function asText(tokens: readonly Token[]): string {
  const lines: string[] = [];
  let run: Token[] = [];
  const flush = (): void => {
    if (run.length > 0) lines.push(textOf(run));
    run = [];
  };
  for (const token of tokens) {
    if (token.kind === 'directive') {
      flush();
      lines.push(token.text);
    } else {
      run.push(token);
      if (token.text === ';') flush();
    }
  }
  flush();
  return lines.join('\n');
}
