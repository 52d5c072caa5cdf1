// Names by which a design would get hold of something that is not its own: what its testbench holds. Simulators look
// for a name upwards through the hierarchy, so that a task of the testbench is called by its name alone.
import { nextAtDepth } from '../hdl/brackets.ts';
import { KEYWORDS } from '../hdl/keywords.ts';
import type { IsAdded } from './index.ts';
import { pathAt, type Outside, type Unit, type Units } from './units.ts';

type Report = (token: { file: string; line: number }, message: string) => void;

/** Names that testbenches give to modules and instances: found upwards, whatever the design declares beside them. */
export function namesOfBenches(units: Units): ReadonlySet<string> {
  const benches = units.list.filter(({ inBench }) => inBench);
  return new Set(benches.flatMap(({ name, scope }) => [name, ...scope.instances.keys()]));
}

/** Names that lead into instances or out of the module; members of structures and interfaces are none. */
export function hierarchical(
  unit: Unit,
  units: Units,
  at: number,
  { added, ofBenches }: { readonly added: IsAdded; readonly ofBenches: ReadonlySet<string> },
  report: Report,
): void {
  const path = pathAt(unit.tokens, at);
  if (path === null || !path.parts.some(added)) return;
  const [head, ...rest] = path.parts;
  if (head === undefined || rest.length === 0) return;
  const named = path.parts.map(({ text }) => text).join('.');
  const { scope } = unit;
  const instance = scope.instances.get(head.text);
  if (instance !== undefined) {
    if (units.byName.get(instance)?.kind !== 'interface')
      report(head, `the hierarchical name ${named} reaches into an instance`);
    return;
  }
  // a port that is an interface is found before anything above, and `bus.slave b` in the header names a modport
  if (unit.interfacePorts.has(head.text)) return;
  if (inHeader(unit, at) && units.byName.get(head.text)?.kind === 'interface') return;
  if (ofBenches.has(head.text)) {
    report(head, `the hierarchical name ${named} leads into the testbench`);
    return;
  }
  if (scope.labels.has(head.text)) {
    if (rest.some((part) => scope.instances.has(part.text)))
      report(head, `the hierarchical name ${named} reaches into an instance`);
    return;
  }
  if (scope.data.has(head.text) || unit.ports.has(head.text)) return;
  if (units.design.scope.data.has(head.text)) return;
  report(head, `the hierarchical name ${named} leads out of the module`);
}

const inHeader = ({ tokens }: Unit, at: number): boolean => at < nextAtDepth(tokens, 0, ';');

/** The same in packages, classes and functions of the file, which stand in no hierarchy of their own. */
export function hierarchicalOutside(
  { tokens, scope }: Outside,
  { added, ofBenches }: { readonly added: IsAdded; readonly ofBenches: ReadonlySet<string> },
  report: Report,
): void {
  for (let at = 0; at < tokens.length; at++) {
    const path = pathAt(tokens, at);
    const [head] = path?.parts ?? [];
    if (path === null || head === undefined || !path.parts.some(added)) continue;
    const own = scope.data.has(head.text) || scope.labels.has(head.text) || KEYWORDS.has(head.text);
    if (ofBenches.has(head.text) || head.text === '$root' || !own)
      report(head, `the hierarchical name ${path.parts.map(({ text }) => text).join('.')} leads out of the design`);
    at = path.end - 1;
  }
}

/** Behind these a word with `;` is a call. */
const BEGINS: ReadonlySet<string> = new Set([';', 'begin', 'end', 'else', 'fork', 'join', ')', 'forever', 'do']);

/**
 * Tasks, functions and blocks that no source of the design declares. `complete`: every include and every macro of the
 * design is known, so that what is declared nowhere is not the design's.
 */
export function foreignCalls(
  unit: Unit,
  units: Units,
  { added, complete }: { readonly added: IsAdded; readonly complete: boolean },
  report: Report,
): void {
  const inBenches = new Set(
    units.list.filter(({ inBench }) => inBench).flatMap(({ callable, scope }) => [...callable, ...scope.labels]),
  );
  const { tokens, scope } = unit;
  const foreign = (name: string): boolean => !units.callable.has(name) && (complete || inBenches.has(name));
  for (const [at, token] of tokens.entries()) {
    if (!added(token)) continue;
    const next = tokens[at + 1];
    if (token.kind === 'word' && token.text === 'disable') {
      if (next?.kind !== 'word' || next.text === 'fork' || next.text === 'iff' || next.text === 'soft') continue;
      if (tokens[at + 2]?.text === ';' && !scope.labels.has(next.text) && foreign(next.text))
        report(token, `disable ${next.text} ends a block that the design does not hold`);
    } else if (isCall(unit, units, at) && foreign(token.text))
      report(token, `${token.text} is no task or function of the design: it would be one of its testbench`);
  }
}

function isCall({ name, tokens, scope, ports }: Unit, units: Units, at: number): boolean {
  const token = tokens[at];
  if (token === undefined || token.kind !== 'word' || KEYWORDS.has(token.text) || token.text === name) return false;
  const { text } = token;
  const [before, behind] = [tokens[at - 1], tokens[at + 1]?.text];
  if (before === undefined || scope.data.has(text) || scope.instances.has(text) || ports.has(text)) return false;
  if (units.design.scope.data.has(text) || units.byName.has(text)) return false;
  if (behind === ';') return BEGINS.has(before.text) && (before.kind === 'word' || before.kind === 'operator');
  // `type name (`, `) name (` of an instance; `.port (`; `pkg::f (`; a cast
  if (behind !== '(' || before.text === '.' || before.text === '::' || before.text === '#') return false;
  if (before.kind === 'word' && !KEYWORDS.has(before.text)) return false;
  return ![...scope.instances.values()].includes(text);
}
