// What stands on the ports of instances, and what drives a net: a net that two parts drive carries what the stronger
// says, so that a design could change what it is asked, and a testbench give the answer itself.
import { closing, splitAtCommas } from '../hdl/brackets.ts';
import type { PortDirection } from '../hdl/module-reader.ts';
import type { SeenToken } from '../hdl/preprocess.ts';
import type { IsAdded } from './index.ts';
import type { Unit, Units } from './units.ts';

type Report = (token: { file: string; line: number }, message: string) => void;

/** One port of an instance whose module is known. */
interface Connection {
  readonly of: Unit;
  readonly direction: PortDirection | null;
  /** names outside of selects; of `.*` and `.port` the port's own, at the instance */
  readonly names: readonly SeenToken[];
}

/** An input that is driven from inside is another value outside too: simulators make it an inout. */
export function drivenInputs(unit: Unit, units: Units, added: IsAdded, report: Report): void {
  const driven = [
    ...driversIn(unit),
    ...connectionsOf(unit, units)
      .filter(({ direction }) => direction === 'output' || direction === 'inout')
      .flatMap(({ names }) => names.map((target) => ({ at: target, target }))),
  ];
  for (const { at, target } of driven)
    if ((added(at) || added(target)) && unit.inputs.has(target.text))
      report(target, `the input ${target.text} is driven by the design itself`);
}

/** A net on an output of the design has no other driver in its testbench, but for a resistor. */
export function drivenOutputs(unit: Unit, units: Units, added: IsAdded, report: Report): void {
  const connections = connectionsOf(unit, units);
  const judged = connections
    .filter(({ of, direction }) => !of.inBench && direction === 'output')
    .flatMap(({ names }) => names);
  const drivers = [
    ...driversIn(unit)
      .filter(({ bias }) => !bias)
      .map(({ target }) => target),
    ...connections.filter(({ of, direction }) => of.inBench && direction === 'output').flatMap(({ names }) => names),
  ];
  for (const target of drivers)
    if (
      added(target) &&
      judged.some((one) => one.text === target.text && mayOverlap(bits(unit, one), bits(unit, target)))
    )
      report(
        target,
        `${target.text} is an output of the design and the testbench drives it, too: put both together in a net of its own`,
      );
}

/** The bits that a name with a literal select stands for; null: all of them, or who knows which. */
function bits({ tokens }: Unit, name: SeenToken): readonly [low: number, high: number] | null {
  const at = tokens.indexOf(name);
  if (at === -1 || tokens[at + 1]?.text !== '[') return null;
  const select = tokens.slice(at + 2, closing(tokens, at + 1)).map(({ text }) => text);
  if (!/^\d+(?::\d+)?$/.test(select.join(''))) return null;
  const ends = select.join('').split(':').map(Number);
  return [Math.min(...ends), Math.max(...ends)];
}

type Bits = ReturnType<typeof bits>;
const mayOverlap = (a: Bits, b: Bits): boolean => a === null || b === null || (a[0] <= b[1] && b[0] <= a[1]);

function connectionsOf(unit: Unit, units: Units): Connection[] {
  const { tokens, scope } = unit;
  const found: Connection[] = [];
  for (const [at, token] of tokens.entries()) {
    const module = token.kind === 'word' || token.kind === 'escaped' ? scope.instances.get(token.text) : undefined;
    const of = module === undefined ? undefined : units.byName.get(module);
    if (of === undefined || tokens[at - 1]?.text === '.') continue;
    let open = at + 1;
    while (tokens[open]?.text === '[') open = closing(tokens, open) + 1;
    if (tokens[open]?.text !== '(') continue;
    const parts = splitAtCommas(tokens.slice(open + 1, closing(tokens, open)));
    const named = new Set<string>();
    for (const [position, part] of parts.entries()) {
      const [dot, port] = part;
      if (dot?.text !== '.') {
        const { name, direction = null } = of.portList[position] ?? {};
        if (name !== undefined) found.push({ of, direction, names: namesIn(part) });
      } else if (port !== undefined && port.text !== '*') {
        named.add(port.text);
        const direction = of.portList.find(({ name }) => name === port.text)?.direction ?? null;
        found.push({ of, direction, names: part.length === 2 ? [port] : namesIn(part.slice(3, -1)) });
      }
    }
    if (!parts.some(([dot, star]) => dot?.text === '.' && star?.text === '*')) continue;
    for (const { name, direction } of of.portList)
      if (!named.has(name)) found.push({ of, direction, names: [{ ...token, text: name }] });
  }
  return found;
}

function namesIn(tokens: readonly SeenToken[]): SeenToken[] {
  const names: SeenToken[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.text === '[') at = closing(tokens, at);
    else if (token !== undefined && (token.kind === 'word' || token.kind === 'escaped') && tokens[at - 1]?.text !== '.')
      names.push(token);
  }
  return names;
}

/** Primitives whose first terminal is an output. */
const GATES: ReadonlySet<string> = new Set(
  `and nand or nor xor xnor buf not bufif0 bufif1 notif0 notif1 nmos pmos cmos rnmos rpmos rcmos`.split(/\s+/),
);
/** They give a net a level while nobody else does. */
const RESISTORS: ReadonlySet<string> = new Set(['pullup', 'pulldown']);
/** Primitives that drive what is on either side. */
const SWITCHES: ReadonlySet<string> = new Set('tran rtran tranif0 tranif1 rtranif0 rtranif1'.split(' '));
/** Nets that have a level of themselves; on a testbench's side they bias, like a resistor. */
const SUPPLIES: ReadonlySet<string> = new Set(['supply0', 'supply1', 'tri0', 'tri1']);
const NETS: ReadonlySet<string> = new Set('wire tri wand wor triand trior uwire'.split(' '));

/** Behind these an item of a module begins. */
const ITEM: ReadonlySet<string> = new Set(
  '; begin end else generate endgenerate endfunction endtask endspecify'.split(' '),
);

interface Driver {
  /** the word that drives */
  readonly at: SeenToken;
  readonly target: SeenToken;
  /** a resistor */
  readonly bias?: boolean;
}

/** Names that continuous assignments, declarations of nets with a value, primitives and aliases drive. */
function driversIn({ tokens }: Unit): Driver[] {
  const found: Driver[] = [];
  for (const [index, at] of tokens.entries()) {
    if (at.kind !== 'word') continue;
    // `or` stands in lists of events too
    const item = ITEM.has(tokens[index - 1]?.text ?? ';') || tokens[index - 1]?.text === ')';
    const terminals = item ? terminalsOf(tokens, index + 1) : [];
    const add = (targets: readonly SeenToken[], bias = false): void => {
      found.push(...targets.map((target) => ({ at, target, bias })));
    };
    if (at.text === 'assign') add(targetsOf(tokens, index + 1));
    else if (item && GATES.has(at.text)) add(terminals.slice(0, 1));
    else if (item && RESISTORS.has(at.text)) add(terminals.slice(0, 1), true);
    else if (item && SWITCHES.has(at.text)) add(terminals.slice(0, 2));
    else if (item && at.text === 'alias') add(namesIn(tokens.slice(index + 1, semicolon(tokens, index))));
    else if (item && SUPPLIES.has(at.text)) add(namesIn(tokens.slice(index + 1, semicolon(tokens, index))), true);
    else if (item && NETS.has(at.text)) add(declaredWithValue(tokens.slice(index + 1, semicolon(tokens, index))));
  }
  return found;
}

function semicolon(tokens: readonly SeenToken[], from: number): number {
  const at = tokens.findIndex(({ text }, index) => index > from && text === ';');
  return at === -1 ? tokens.length : at;
}

/** `wire [3:0] a = 1, b, c = d;`: a and c. */
function declaredWithValue(tokens: readonly SeenToken[]): SeenToken[] {
  return splitAtCommas(tokens).flatMap((part) => {
    const equals = part.findIndex(({ text }) => text === '=');
    const name = equals === -1 ? undefined : namesIn(part.slice(0, equals)).at(-1);
    return name === undefined ? [] : [name];
  });
}

/** Names on the left of `assign [strength] [delay] target = …, target = …`. */
function targetsOf(tokens: readonly SeenToken[], from: number): SeenToken[] {
  return splitAtCommas(tokens.slice(from, semicolon(tokens, from))).flatMap((part) => {
    const names: SeenToken[] = [];
    let depth = 0;
    for (const [at, token] of part.entries()) {
      if (depth === 0 && token.text === '=') break;
      if (token.text === '[' || token.text === '(') depth += 1;
      else if (token.text === ']' || token.text === ')') depth -= 1;
      else if (depth === 0 && token.kind === 'word' && part[at - 1]?.text !== '.' && part[at - 1]?.text !== '#')
        names.push(token);
    }
    return names;
  });
}

/** Names on the terminals of `gate [strength] [delay] [name] ( terminal, … ) ;`. */
function terminalsOf(tokens: readonly SeenToken[], from: number): SeenToken[] {
  for (let at = from; at < Math.min(from + 24, tokens.length) && tokens[at]?.text !== ';'; at++) {
    if (tokens[at]?.text !== '(') continue;
    const end = closing(tokens, at);
    const behind = tokens[end + 1]?.text;
    if (behind === ';' || behind === ',')
      return splitAtCommas(tokens.slice(at + 1, end)).flatMap((part) => namesIn(part).slice(0, 1));
    at = end;
  }
  return [];
}
