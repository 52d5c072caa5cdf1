// Module headers in the code blocks of documents: name, parameters and ports, ANSI style or not.
import { codeOf } from '../hdl/lexer.ts';
import { readModules } from '../hdl/module-reader.ts';
import type { HdlPort } from '../hdl/module-reader.ts';
import type { SpecParameter, SpecPort } from './spec-interface.ts';

export interface ModuleHeader {
  readonly name: string;
  readonly line: number;
  readonly parameters: readonly SpecParameter[];
  readonly ports: readonly SpecPort[];
}

/** Documents show a handful of headers; more are not what this is for. */
const MAX_HEADERS = 200;
/** Types without a range of their own; any other type's width only its package knows. */
const ONE_BIT: ReadonlySet<string> = new Set(['', 'reg', 'logic', 'bit']);
const WIDE_TYPES: ReadonlyMap<string, string> = new Map([
  ['byte', '8'],
  ['shortint', '16'],
  ['int', '32'],
  ['integer', '32'],
  ['longint', '64'],
]);

/** All headers in a code block whose first line is `line` of the document. */
export function readModuleHeaders(code: string, line: number): ModuleHeader[] {
  return readModules(codeOf(code))
    .slice(0, MAX_HEADERS)
    .map((module) => ({
      name: module.name,
      line: module.line + line - 1,
      parameters: module.parameters
        .filter((one) => one.kind === 'parameter' && !one.isType)
        .map((one) => ({
          name: one.name,
          line: one.line + line - 1,
          ...(one.default === null ? {} : { default: one.default }),
        })),
      ports: module.ports.flatMap((port): SpecPort[] =>
        port.direction === null || port.direction === 'ref'
          ? []
          : [{ name: port.name, line: port.line + line - 1, direction: port.direction, ...widthOf(port) }],
      ),
    }));
}

function widthOf({ type, packed, unpacked, expression }: HdlPort): { width?: string } {
  if (expression || unpacked.length > 0) return {};
  const wide = WIDE_TYPES.get(type);
  if (wide !== undefined) return packed.length === 0 ? { width: wide } : {};
  if (!ONE_BIT.has(type)) return {};
  const widths = packed.map((range) => rangeWidth(range.split(' ')));
  if (widths.includes(undefined)) return {};
  return { width: widths.length === 0 ? '1' : widths.map((one) => `(${one})`).join(' * ') };
}

/** `msb:lsb` as a width expression; `[0:7]` has as many bits as `[7:0]`. */
export function rangeWidth(tokens: readonly string[]): string | undefined {
  const colon = tokens.indexOf(':');
  if (colon < 0) return undefined;
  const [left, right] = [
    tokens.slice(0, colon).join(' ').trim(),
    tokens
      .slice(colon + 1)
      .join(' ')
      .trim(),
  ];
  const ascending = isNumber(left) && (!isNumber(right) || BigInt(left) < BigInt(right));
  return ascending ? `(${right}) - (${left}) + 1` : `(${left}) - (${right}) + 1`;
}

const isNumber = (text: string): boolean => /^\d{1,9}$/.test(text);
