// From types to instances: parameters bound, properties with their defaults and assignments, addresses and bits placed.
// Arrays stay one node each, so that a million registers cost no more than one.
import type { NoteList } from '../../documents/note-list.ts';
import { DescriptionError, MAX_ENTRIES } from '../reading.ts';
import { placeChildren } from './placement.ts';
import { Scope, type Enumeration, type PropertyValue, type TypeEntry } from './scope.ts';
import type { ComponentKind, EnumDefinition, Expression, Instance, PathStep, Statement } from './syntax.ts';
import { evaluate, expressionText, numeric, type RdlValue } from './values.ts';

export interface Node {
  readonly kind: ComponentKind;
  readonly name: string;
  readonly type: string | null;
  readonly properties: Map<string, PropertyValue>;
  readonly children: Node[];
  readonly dimensions: readonly bigint[];
  /** as written: left and right of `[7:0]` */
  readonly range: { readonly left: bigint; readonly right: bigint } | null;
  /** a written range that has no value: its text */
  readonly unplaced: string | null;
  readonly external: boolean;
  readonly alias: string | null;
  readonly line: number;
  /** where the component's enumerations are looked up */
  readonly scope: Scope;
  /** bytes from its parent; set by placement where it is not written */
  offset: bigint | null;
  stride: bigint | null;
  readonly alignment: bigint | null;
  /** of a field, set by placement */
  bits: { msb: number; lsb: number } | null;
}

/** Properties that a default may give to each kind; others it passes by. */
const DEFAULTED: Readonly<Record<ComponentKind, RegExp>> = {
  field:
    /^(?!(regwidth|accesswidth|alignment|addressing|mementries|memwidth|shared|lsb0|msb0|bigendian|littleendian|rsvdset\w*|bridge|sharedextbus|errextbus|signalwidth|sync|async|activelow|activehigh)$)/,
  reg: /^(regwidth|accesswidth|shared|errextbus|name|desc|donttest|dontcompare|ispresent)$/,
  regfile: /^(alignment|sharedextbus|errextbus|name|desc|donttest|dontcompare|ispresent)$/,
  addrmap:
    /^(alignment|sharedextbus|errextbus|addressing|bigendian|littleendian|rsvdset|rsvdsetX|msb0|lsb0|bridge|name|desc|ispresent)$/,
  mem: /^(mementries|memwidth|sw|name|desc|ispresent)$/,
  signal: /^(signalwidth|sync|async|activelow|activehigh|cpuif_reset|field_reset|name|desc|ispresent)$/,
};
const MAX_DEPTH = 60;

export interface Elaborated {
  /** address maps that nothing instantiates, or a made-up one around loose registers */
  readonly roots: readonly Node[];
  /** properties that the file defines itself */
  readonly ownProperties: ReadonlySet<string>;
}

export function elaborate(statements: readonly Statement[], notes: NoteList): Elaborated {
  return new Elaborator(notes).run(statements);
}

class Elaborator {
  readonly #notes: NoteList;
  readonly #own = new Set<string>();
  #nodes = 0;

  constructor(notes: NoteList) {
    this.#notes = notes;
  }

  run(statements: readonly Statement[]): Elaborated {
    const scope = new Scope(null);
    const root = this.#node('addrmap', '', null, 0, scope);
    const types = new Map<string, TypeEntry>();
    this.#body(statements, root, scope, 0, (entry) => types.set(entry.definition.name ?? '', entry));
    const used = instantiatedTypes(statements);
    const maps = [...types.values()].filter(
      ({ definition }) => definition.kind === 'addrmap' && !used.has(definition.name ?? ''),
    );
    const roots = maps.map((entry) => this.#instantiate(entry, plainInstance(entry), [], scope, 1, false, null));
    if (root.children.length > 0) roots.push(root);
    if (roots.length === 0) {
      // no address map: what is defined is shown at address 0
      for (const entry of types.values()) {
        const { definition } = entry;
        if (used.has(definition.name ?? '') || !['regfile', 'reg', 'mem'].includes(definition.kind)) continue;
        root.children.push(this.#instantiate(entry, plainInstance(entry), [], scope, 1, false, null));
        this.#notes.add(
          'guessed',
          { what: `the address of ${definition.name ?? 'a register'}`, text: 'the next free one' },
          { line: definition.line },
        );
      }
      if (root.children.length > 0) roots.push(root);
    }
    for (const one of roots) placeChildren(one, this.#notes);
    return { roots, ownProperties: this.#own };
  }

  #node(kind: ComponentKind, name: string, type: string | null, line: number, scope: Scope): Node {
    this.#nodes += 1;
    if (this.#nodes > MAX_ENTRIES) throw new DescriptionError('it holds more components than are read', line);
    return {
      kind,
      name,
      type,
      properties: new Map(),
      children: [],
      dimensions: [],
      range: null,
      unplaced: null,
      external: false,
      alias: null,
      line,
      scope,
      offset: null,
      stride: null,
      alignment: null,
      bits: null,
    };
  }

  #instantiate(
    entry: TypeEntry,
    instance: Instance,
    passed: readonly { readonly name: string; readonly value: Expression }[],
    outer: Scope,
    depth: number,
    external: boolean,
    alias: string | null,
  ): Node {
    const { definition, defaults } = entry;
    if (depth > MAX_DEPTH) throw new DescriptionError(`components are nested deeper than ${MAX_DEPTH}`, instance.line);
    const scope = new Scope(entry.scope);
    for (const parameter of definition.parameters) {
      const argument = passed.find(({ name }) => name === parameter.name);
      if (argument !== undefined) scope.addValue(parameter.name, evaluate(argument.value, outer));
      else if (parameter.default !== null) scope.addValue(parameter.name, evaluate(parameter.default, scope));
      else
        this.#notes.add(
          'guessed',
          { what: `the parameter ${parameter.name} of ${instance.name}`, text: 'no value' },
          { line: instance.line },
        );
    }
    for (const { name } of passed) {
      if (!definition.parameters.some((parameter) => parameter.name === name))
        this.#notes.add(
          'notUnderstood',
          { what: `the parameter ${name} of ${instance.name}`, text: 'there is none' },
          { line: instance.line },
        );
    }
    const number = (expression: Expression | null, what: string): bigint | null =>
      this.#number(expression, outer, `${what} of ${instance.name}`, instance.line);
    const range = instance.range;
    const [left, right] = range === null ? [null, null] : [number(range.left, 'a bit'), number(range.right, 'a bit')];
    const node: Node = {
      ...this.#node(definition.kind, instance.name, definition.name, instance.line, scope),
      dimensions: instance.dimensions.flatMap((dimension) => number(dimension, 'the size') ?? []),
      range: left === null || right === null ? null : { left, right },
      unplaced:
        range === null || (left !== null && right !== null)
          ? null
          : `${expressionText(range.left, outer)}:${expressionText(range.right, outer)}`,
      external,
      alias,
      offset: number(instance.address, 'the address'),
      stride: number(instance.stride, 'the stride'),
      alignment: number(instance.alignment, 'the alignment'),
    };
    for (const [name, value] of defaults) if (DEFAULTED[definition.kind].test(name)) node.properties.set(name, value);
    this.#body(definition.body, node, scope, depth, () => undefined);
    if (instance.reset !== null)
      node.properties.set('reset', { value: evaluate(instance.reset, outer), line: instance.line });
    return node;
  }

  #number(expression: Expression | null, scope: Scope, what: string, line: number): bigint | null {
    if (expression === null) return null;
    const value = numeric(evaluate(expression, scope));
    if (value !== undefined && value >= 0n) return value;
    this.#notes.add('notUnderstood', { what, text: 'it has no value' }, { line });
    return null;
  }

  #body(
    statements: readonly Statement[],
    node: Node,
    scope: Scope,
    depth: number,
    onType: (entry: TypeEntry) => void,
  ): void {
    const assignments: Extract<Statement, { kind: 'assignment' }>[] = [];
    for (const statement of statements) {
      switch (statement.kind) {
        case 'component': {
          scope.addType(statement.definition);
          const entry = scope.type(statement.definition.name ?? '');
          if (entry !== undefined) onType(entry);
          break;
        }
        case 'enum':
          scope.addEnumeration(this.#enumeration(statement.definition, scope));
          break;
        case 'propertyDefinition':
          this.#own.add(statement.name);
          break;
        case 'property': {
          const value: RdlValue =
            statement.value === null ? { kind: 'boolean', value: true } : evaluate(statement.value, scope);
          const property = { value, line: statement.line };
          if (statement.isDefault) scope.addDefault(statement.name, property);
          else node.properties.set(statement.name, property);
          break;
        }
        case 'assignment':
          assignments.push(statement);
          break;
        case 'instances':
          this.#instances(statement, node, scope, depth);
          break;
      }
    }
    for (const assignment of assignments) this.#assign(assignment, node, scope);
  }

  #instances(statement: Extract<Statement, { kind: 'instances' }>, node: Node, scope: Scope, depth: number): void {
    const { type } = statement;
    const entry: TypeEntry | undefined =
      typeof type === 'string' ? scope.type(type) : { definition: type, scope, defaults: scope.defaults() };
    if (entry === undefined) {
      const name = typeof type === 'string' ? type : '';
      this.#notes.add(
        'notUnderstood',
        { what: `the type ${name}`, text: 'it is not defined in this file' },
        { line: statement.line },
      );
      return;
    }
    for (const instance of statement.instances) {
      const child = this.#instantiate(
        entry,
        instance,
        statement.arguments,
        scope,
        depth + 1,
        statement.external,
        statement.alias,
      );
      node.children.push(child);
    }
  }

  #enumeration(definition: EnumDefinition, scope: Scope): Enumeration {
    let next = 0n;
    const members = definition.members.map(({ name, value, title, description }) => {
      const own = value === null ? next : (numeric(evaluate(value, scope)) ?? next);
      next = own + 1n;
      return { name, value: own, title, description };
    });
    return { name: definition.name, members };
  }

  /** `a.b->property = value`: outer assignments come later and so win, as the language wants it. */
  #assign(assignment: Extract<Statement, { kind: 'assignment' }>, node: Node, scope: Scope): void {
    const target = find(node, assignment.path);
    const said = assignment.path.map(({ name }) => name).join('.');
    if (target === undefined) {
      this.#notes.add(
        'notUnderstood',
        { what: `the path ${said}`, text: 'there is no such component' },
        { line: assignment.line },
      );
      return;
    }
    if (assignment.path.some(({ indices }) => indices.length > 0)) {
      this.#notes.add(
        'notUnderstood',
        {
          what: `a property of one element of ${said}`,
          text: `${assignment.property}; the table shows all elements alike`,
        },
        { line: assignment.line },
      );
      return;
    }
    const value: RdlValue =
      assignment.value === null ? { kind: 'boolean', value: true } : evaluate(assignment.value, scope);
    target.properties.set(assignment.property, { value, line: assignment.line });
  }
}

function find(node: Node, path: readonly PathStep[]): Node | undefined {
  let at: Node | undefined = node;
  for (const { name } of path) at = at?.children.find((child) => child.name === name);
  return at;
}

/** Types that something in the file instantiates by name. */
function instantiatedTypes(statements: readonly Statement[], found = new Set<string>()): Set<string> {
  for (const statement of statements) {
    if (statement.kind === 'instances') {
      if (typeof statement.type === 'string') found.add(statement.type);
      else instantiatedTypes(statement.type.body, found);
    } else if (statement.kind === 'component') instantiatedTypes(statement.definition.body, found);
  }
  return found;
}

function plainInstance({ definition }: TypeEntry): Instance {
  return {
    name: definition.name ?? 'top',
    dimensions: [],
    range: null,
    reset: null,
    address: null,
    stride: null,
    alignment: null,
    line: definition.line,
  };
}
