// The instance at the cursor with the edits that connect its missing ports and declare its nets: what core/hdl works
// out from texts, with what the index knows of names.
import type { CodeInstance, CodeReplacement } from '@genrtl/contracts/language.ts';
import { connectPorts, instanceAround } from '@genrtl/core/hdl/connect-ports.ts';
import type { InstanceSurroundings, TextReplacement } from '@genrtl/core/hdl/connect-ports.ts';
import { codeOf } from '@genrtl/core/hdl/lexer.ts';
import { readModules } from '@genrtl/core/hdl/module-reader.ts';
import type { HdlModule } from '@genrtl/core/hdl/module-reader.ts';
import { DESIGN_UNITS } from './model.ts';
import { sameTarget } from './resolve.ts';
import type { Resolver, Target } from './resolve.ts';
import type { SyntaxIndex } from './syntax-index.ts';

const SIGNALS: ReadonlySet<string> = new Set([
  'port',
  'net',
  'variable',
  'argument',
  'signal',
  'parameter',
  'localparam',
]);
const SYSTEM_VERILOG = /\.svh?$/i;

interface Place {
  readonly path: string;
  readonly text: string;
  readonly offset: number;
}

export async function describeInstance(
  index: SyntaxIndex,
  resolver: Resolver,
  { path, text, offset }: Place,
): Promise<CodeInstance | null> {
  const instance = instanceAround(text, offset);
  if (instance === null) return null;
  const target = resolver.unitFrom(path, instance.module, instance.start);
  const unit = target === null ? null : await readUnit(index, target);
  if (target === null || unit === null) return null;
  const directions = new Map<string, string | null>();
  const around: InstanceSurroundings = {
    unit,
    systemVerilog: SYSTEM_VERILOG.test(path),
    meaning(name) {
      const found = resolver.name(path, name, instance.start)?.declaration;
      if (found === undefined || DESIGN_UNITS.has(found.kind) || found.kind === 'package') return null;
      if (found.kind === 'port' && found.detail.startsWith('input')) return 'input';
      return SIGNALS.has(found.kind) ? 'signal' : 'other';
    },
    direction(module, port) {
      const key = `${module} ${port}`;
      if (!directions.has(key)) {
        const other = resolver.unitFrom(path, module, instance.start);
        const detail =
          other === null ? '' : (resolver.member(other, port, new Set(['port']))?.declaration.detail ?? '');
        directions.set(key, /^(?:input|output|inout|ref)\b/.exec(detail)?.[0] ?? null);
      }
      return directions.get(key) as ReturnType<InstanceSurroundings['direction']>;
    },
    outside: (name) => seenFrom(resolver, { path, offset: instance.start }, target, name),
  };
  const found = connectPorts(text, instance, around);
  return {
    module: instance.module,
    name: instance.name,
    missing: [...found.missing],
    undeclared: [...found.undeclared],
    left: [...found.left],
    declares: [...found.declares],
    connect: found.connect.map((one) => placed(text, one)),
    declare: found.declare.map((one) => placed(text, one)),
  };
}

/** The module as its own text has it. */
async function readUnit(index: SyntaxIndex, { path, declaration }: Target): Promise<HdlModule | null> {
  const text = (await index.text(path)) ?? '';
  const own = text.slice(declaration.start, declaration.end);
  return readModules(codeOf(own), true).find(({ name }) => name === declaration.name) ?? null;
}

/**
 * How a name of the module's file is written at the instance: bare when it means the same there, else by its package.
 */
function seenFrom(
  resolver: Resolver,
  here: { readonly path: string; readonly offset: number },
  unit: Target,
  name: string,
): string | null {
  const { inner } = unit.declaration;
  if (inner === null) return null;
  const there = resolver.name(unit.path, name, { scope: inner });
  if (there === null) return null;
  const same = resolver.name(here.path, name, here.offset);
  if (same !== null && sameTarget(same, there)) return name;
  const owner = resolver.ownerOf(there);
  return owner?.declaration.kind === 'package' ? `${owner.declaration.name}::${name}` : null;
}

function placed(text: string, { start, end, text: own }: TextReplacement): CodeReplacement {
  const from = lineColumn(text, start);
  const to = lineColumn(text, end);
  return { line: from.line, column: from.column, end_line: to.line, end_column: to.column, text: own };
}

function lineColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let from = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < offset; next = text.indexOf('\n', next + 1)) {
    line += 1;
    from = next + 1;
  }
  return { line, column: offset - from + 1 };
}
