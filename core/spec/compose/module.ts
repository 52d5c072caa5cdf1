// Writes the top module: portable SystemVerilog for Icarus 11, Verilator 5 and Yosys 0.23.
import type { Design, DesignInstance, DesignLogic, DesignParameter, DesignRegister } from '../design.ts';
import { printExpr, type PinNames } from '../expr/print.ts';
import { isFixed } from '../expr/width.ts';
import { clearOfModuleName } from './clear-names.ts';
import { alignColumns, commentText, range } from './layout.ts';
import { declaredNames, FreeNames, namePins, type PinNets } from './names.ts';
import { Usage } from './usage.ts';

/** The text of `src/<module>.sv`; a pure function of the design. */
export function writeModule(specified: Design): string {
  const free = new FreeNames(declaredNames(specified));
  const design = clearOfModuleName(specified, free);
  const nets = namePins(design, free);
  const sections = [
    declarations(design, nets),
    assignments(design, nets),
    design.instances.map((instance) => writeInstance(instance, nets.names)).join('\n\n'),
    registers(design, nets.names),
    unused(design, nets, free),
  ].filter((section) => section !== '');
  return `${header(design)}\n${moduleHead(design)}\n${sections.map((section) => `${section}\n`).join('\n')}endmodule\n`;
}

function header(design: Design): string {
  const list = (title: string, entries: readonly { name: string; description: string }[]): string[] => {
    const described = entries.filter(({ description }) => description !== '');
    return described.length === 0
      ? []
      : ['//', `// ${title}`, ...described.map(({ name, description }) => `// - ${name}: ${commentText(description)}`)];
  };
  return [
    `// ${design.module}: ${commentText(design.title)}`,
    '// Composed by genRTL from a structured specification; change the specification rather than this file.',
    ...list('Parameters', design.parameters),
    ...list('Ports', design.ports),
  ].join('\n');
}

function moduleHead(design: Design): string {
  const parameters = alignColumns(design.parameters.map((parameter) => [...parameterCells(parameter)]));
  const registered = new Set(design.registers.map(({ name }) => name));
  const ports = alignColumns(
    design.ports.map(({ name, direction, width }) => [
      direction,
      registered.has(name) ? 'logic' : 'wire',
      range(width),
      name,
    ]),
  );
  const block = (lines: readonly string[]): string =>
    lines.map((line, at) => `  ${line}${at < lines.length - 1 ? ',' : ''}\n`).join('');
  return `module ${design.module}${parameters.length > 0 ? ` #(\n${block(parameters)})` : ''} (\n${block(ports)});\n`;
}

function parameterCells({ name, value, width, expr }: DesignParameter): [string, string, string] {
  const text = printExpr(expr, () => '');
  if (width) return ['parameter', range(width) === '' ? '[0:0]' : range(width), `${name} = ${text}`];
  if (value >= -(2n ** 31n) && value < 2n ** 31n) return ['parameter', 'int', `${name} = ${text}`];
  const bits = Math.max(value.toString(2).replace('-', '').length + 1, 33);
  return ['parameter', `[${bits - 1}:0]`, `${name} = ${value < 0n ? '-' : ''}${bits}'d${value < 0n ? -value : value}`];
}

function declarations(design: Design, nets: PinNets): string {
  const pinWidth = new Map(
    design.instances.flatMap(({ name, pins }) => pins.map((pin) => [`${name}.${pin.port}`, pin.width] as const)),
  );
  const rows = design.nets.map(({ name, kind, width }) => [
    kind === 'register' ? 'logic' : 'wire',
    range(width),
    `${name};`,
  ]);
  for (const { instance, port, name } of nets.declared) {
    const width = pinWidth.get(`${instance}.${port}`);
    if (width) rows.push(['wire', range(width), `${name};`]);
  }
  return alignColumns(rows)
    .map((row) => `  ${row}`)
    .join('\n');
}

function assignments(design: Design, nets: PinNets): string {
  return design.logic
    .filter((entry) => !isDirect(entry, nets))
    .map((entry) => {
      const { target, expr, wideIndex } = entry;
      const name = target.kind === 'net' ? target.name : nets.names(target.instance, target.port);
      return waived(`  assign ${name} = ${printExpr(expr, nets.names)};`, wideIndex);
    })
    .join('\n');
}

/** The instance's own port connection drives the output. */
function isDirect({ target, expr }: DesignLogic, nets: PinNets): boolean {
  return (
    target.kind === 'net' &&
    nets.direct.has(target.name) &&
    expr.kind === 'pin' &&
    nets.names(expr.instance, expr.port) === target.name
  );
}

/** Verilog defines an index that is wider than its vector needs; Verilator 5 reports it under WIDTH all the same. */
function waived(text: string, wideIndex: boolean): string {
  return wideIndex ? `  /* verilator lint_off WIDTH */\n${text}\n  /* verilator lint_on WIDTH */` : text;
}

function writeInstance({ name, manifest, parameters, pins }: DesignInstance, names: PinNames): string {
  const overrides = parameters.map(
    ({ name: parameter, value }) =>
      `    .${parameter}(${typeof value === 'string' ? `"${value}"` : printExpr(value, names)})`,
  );
  const longest = Math.max(0, ...pins.map(({ port }) => port.length));
  const connections = pins.map(
    ({ port, source }) => `    .${port.padEnd(longest)} (${source ? printExpr(source, names) : names(name, port)})`,
  );
  return `  ${manifest.toplevel}${overrides.length > 0 ? ` #(\n${overrides.join(',\n')}\n  )` : ''} ${name} (\n${connections.join(',\n')}\n  );`;
}

function registers(design: Design, names: PinNames): string {
  const groups = new Map<string, DesignRegister[]>();
  for (const register of design.registers) {
    const key = `${register.clock.name} ${register.reset === null} ${register.clock.reset === null}`;
    const group = groups.get(key);
    if (group) group.push(register);
    else groups.set(key, [register]);
  }
  return [...groups.values()].map((group) => writeGroup(group, names)).join('\n\n');
}

/** Registers of one clock, all with a reset value or all without. */
function writeGroup(group: readonly DesignRegister[], names: PinNames): string {
  const [first] = group;
  if (!first) return '';
  const { clock } = first;
  const next = (indent: string): string =>
    group
      .map((register) => waived(`${indent}${register.name} <= ${printExpr(register.next, names)};`, register.wideIndex))
      .join('\n');
  const { reset } = clock;
  if (!reset || first.reset === null) {
    const powerUp = reset
      ? []
      : group.flatMap((register) =>
          register.reset ? [`    ${register.name} = ${printExpr(register.reset, names)};`] : [],
        );
    // a variable with a power-up value is written by two processes, which always_ff forbids
    const initial = powerUp.length > 0 ? `  initial begin\n${powerUp.join('\n')}\n  end\n\n` : '';
    return `${initial}  ${powerUp.length > 0 ? 'always' : 'always_ff'} @(posedge ${clock.name}) begin\n${next('    ')}\n  end`;
  }
  const edge = reset.async ? ` or ${reset.active === 'low' ? 'negedge' : 'posedge'} ${reset.name}` : '';
  const values = group
    .map((register) => (register.reset ? `      ${register.name} <= ${printExpr(register.reset, names)};` : ''))
    .join('\n');
  return [
    `  always_ff @(posedge ${clock.name}${edge}) begin`,
    `    if (${reset.active === 'low' ? '!' : ''}${reset.name}) begin`,
    values,
    '    end else begin',
    next('      '),
    '    end',
    '  end',
  ].join('\n');
}

/** Open outputs and inputs that the spec does not use are legal; named here, they cause no lint warning. */
function unused(design: Design, nets: PinNets, free: FreeNames): string {
  const usage = new Usage(design);
  const names = [
    ...design.ports
      .filter(({ name, direction, width }) => direction === 'input' && !usage.isRead(name, width))
      .map(({ name }) => name),
    ...design.nets.filter(({ name, width }) => !usage.isRead(name, width)).map(({ name }) => name),
    ...openPins(design, nets, usage),
    ...design.parameters
      .filter(({ name }) => !usage.isParameterUsed(name))
      .map(({ name, width }) => (width && isFixed(width) && width.bits === 1 ? name : `|${name}`)),
  ];
  if (names.length === 0) return '';
  return `  // Nothing reads all of these; named here so that linters need not ask.\n  wire ${free.take('unused_ok')} = &{1'b0, ${names.join(', ')}};`;
}

function openPins(design: Design, nets: PinNets, usage: Usage): string[] {
  const open: string[] = [];
  for (const instance of design.instances) {
    for (const { port, direction, width } of instance.pins) {
      const name = nets.names(instance.name, port);
      if (direction === 'output' && !nets.direct.has(name) && !usage.isRead(`${instance.name}.${port}`, width))
        open.push(name);
    }
  }
  return open;
}
