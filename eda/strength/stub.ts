// A design that does nothing: its own top with every output tied to one value. A testbench that lets it pass tests
// nothing.
import { nextAtDepth } from '@genrtl/core/hdl/brackets.ts';
import { codeOf, isKeyword } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import { isVariableType, readModules } from '@genrtl/core/hdl/module-reader.ts';
import { escapedName } from './ports.ts';

export type Tie = '0' | '1' | 'x';

/** The source with the body of `top` replaced; null when it has no such module or the module has no outputs. */
export function stubSource(source: string, top: string, tie: Tie): string | null {
  const tokens = codeOf(source);
  const module = readModules(tokens).find(({ name }) => name === top);
  const outputs = module?.ports.filter(({ direction }) => direction === 'output') ?? [];
  const [header, last] = [tokens[module?.headerEnd ?? -1], tokens[module?.endAt ?? -1]];
  if (module === undefined || header === undefined || last === undefined || outputs.length === 0) return null;
  const kept = module.ansi
    ? []
    : keptItems(source, tokens.slice(module.headerEnd + 1, module.endAt), new Set(outputs.map(({ name }) => name)));
  const ties = outputs.map((port) => `${isVariableType(port) ? 'initial' : 'assign'} ${escapedName(port)} = '${tie};`);
  return `${source.slice(0, header.end)}\n${[...kept, ...ties].map((line) => `  ${line}\n`).join('')}${source.slice(last.start)}`;
}

const KEPT: ReadonlySet<string> = new Set(['parameter', 'localparam', 'input', 'output', 'inout']);
const TYPES: ReadonlySet<string> = new Set(['reg', 'logic', 'integer', 'time']);

/** Of a Verilog-1995 body: parameters, directions, the types of outputs, and functions, which ranges may call. */
function keptItems(source: string, body: readonly Token[], outputs: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let index = 0; index < body.length; index++) {
    const token = body[index];
    if (token?.kind !== 'word') continue;
    let end = index;
    if (token.text === 'function') while (end < body.length - 1 && !isKeyword(body[end], 'endfunction')) end++;
    else if (KEPT.has(token.text)) end = nextAtDepth(body, index, ';');
    else if (TYPES.has(token.text)) {
      end = nextAtDepth(body, index, ';');
      if (!body.slice(index, end).some(({ text }) => outputs.has(text))) {
        index = end;
        continue;
      }
    } else continue;
    kept.push(source.slice(token.start, body[end]?.end ?? token.end));
    index = end;
  }
  return kept;
}
