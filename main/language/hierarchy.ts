// The instance tree of a design, one level at a time: tops, instances and generate blocks with the values of their
// parameters.
import type { HierarchyNode } from '@genrtl/contracts/language.ts';
import { defaultOf, partsOf } from './completion.ts';
import type { Declaration } from './model.ts';
import { placeOf } from './resolve.ts';
import type { Resolver, Target } from './resolve.ts';
import type { SyntaxIndex } from './syntax-index.ts';

const MAX_NODES = 5000;
/** Units that can stand at the top of a tree. */
const TOPS = new Set(['module', 'entity', 'program']);

export class Hierarchy {
  readonly #index: SyntaxIndex;
  readonly #resolver: Resolver;
  /** what `bind` puts into each unit */
  #bound: ReadonlyMap<Declaration | null, readonly Target[]> | null = null;

  constructor(index: SyntaxIndex, resolver: Resolver) {
    this.#index = index;
    this.#resolver = resolver;
  }

  /** Units that nobody instantiates, in the order of their names. */
  tops(): HierarchyNode[] {
    const used = new Set<Declaration>();
    for (const path of this.#index.files())
      for (const { kind, of, at } of this.#index.file(path)?.syntax.declarations ?? []) {
        if (kind !== 'instance' || of === null) continue;
        const unit = this.#resolver.unitFrom(path, of, at);
        if (unit !== null) used.add(unit.declaration);
      }
    return (
      [...this.#index.globals()]
        .flat()
        .filter(({ declaration }) => TOPS.has(declaration.kind) && !used.has(declaration))
        // of the branches of a conditional the one with the body
        .filter((target) => this.#resolver.unit(target.declaration.name)?.declaration === target.declaration)
        .sort((a, b) => (a.declaration.name < b.declaration.name ? -1 : 1))
        .slice(0, MAX_NODES)
        .map((target) => ({
          name: target.declaration.name,
          kind: 'top',
          of: target.declaration.name,
          language: this.#language(target),
          place: placeOf(target),
          target: placeOf(target),
          parameters: this.#parameters(target, []),
          children: this.#hasChildren(target) ? { unit: target.declaration.name, blocks: [] } : null,
          recursive: false,
        }))
    );
  }

  /** What stands directly below `blocks` of a unit. */
  children(unitName: string, blocks: readonly string[], above: readonly string[]): HierarchyNode[] {
    const unit = this.#resolver.unit(unitName, true);
    if (unit === null) return [];
    const bodies = this.#bodies(unit);
    let holders: Target[] = bodies;
    for (const block of blocks)
      holders = holders.flatMap((holder) =>
        this.#parts(holder).filter(({ declaration }) => isBlock(declaration) && declaration.name === block),
      );
    const own = holders.flatMap((holder) => this.#parts(holder));
    const bound = blocks.length === 0 ? this.#boundInto(unit) : [];
    return [...own, ...bound].slice(0, MAX_NODES).flatMap((part) => this.#node(part, unitName, blocks, above) ?? []);
  }

  /**
   * Nodes from a top down to the nearest instance of a unit, or to the top that it is; empty: nobody instantiates it.
   */
  path(unit: string): HierarchyNode[] {
    const wanted = this.#resolver.unit(unit, true)?.declaration.name;
    if (wanted === undefined) return [];
    let level: HierarchyNode[][] = this.tops().map((top) => [top]);
    const seen = new Set<string>();
    for (let looked = 0; level.length > 0 && looked < MAX_NODES; ) {
      const next: HierarchyNode[][] = [];
      for (const trail of level) {
        const node = trail.at(-1);
        if (node === undefined) continue;
        looked += 1;
        if (node.kind !== 'block' && this.#resolver.unit(node.of, true)?.declaration.name === wanted) return trail;
        const key = JSON.stringify(node.children);
        if (node.children === null || seen.has(key)) continue;
        seen.add(key);
        const above = trail.flatMap(({ of }) => (of === '' ? [] : [of]));
        for (const child of this.children(node.children.unit, node.children.blocks, above))
          next.push([...trail, child]);
      }
      level = next;
    }
    return [];
  }

  #node(part: Target, unit: string, blocks: readonly string[], above: readonly string[]): HierarchyNode | null {
    const { declaration } = part;
    if (isBlock(declaration)) {
      // a block without an instance anywhere below is no part of the tree
      if (!this.#hasInstances(part)) return null;
      return {
        name: declaration.name,
        kind: 'block',
        of: '',
        language: this.#language(part),
        place: placeOf(part),
        target: null,
        parameters: [],
        children: { unit, blocks: [...blocks, declaration.name] },
        recursive: false,
      };
    }
    const named = declaration.of ?? '';
    const target = this.#resolver.unitFrom(part.path, named, declaration.at);
    // by a configuration: its entity
    const own = target?.declaration.name ?? named;
    const of = own.toLowerCase() === named.toLowerCase() ? named : own;
    const recursive = target !== null && (above.includes(of) || of === unit);
    return {
      name: declaration.name,
      kind: 'instance',
      of,
      language: this.#language(part),
      place: placeOf(part),
      target: target === null ? null : placeOf(target),
      parameters: target === null ? given(declaration) : this.#parameters(target, declaration.overrides),
      children: target !== null && !recursive && this.#hasChildren(target) ? { unit: of, blocks: [] } : null,
      recursive,
    };
  }

  #language({ path }: Target): 'verilog' | 'vhdl' {
    return this.#index.file(path)?.syntax.language ?? 'verilog';
  }

  /** Where a unit's instances stand: the module itself, or the architectures of an entity. */
  #bodies(unit: Target): Target[] {
    return unit.declaration.kind === 'entity' ? this.#resolver.architectures(unit) : [unit];
  }

  /** Instances and generate blocks directly inside, also through loops and blocks without a name. */
  #parts({ path, declaration }: Target): Target[] {
    const file = this.#index.file(path);
    const { inner } = declaration;
    if (file === undefined || inner === null) return [];
    return file
      .inside(inner)
      .filter(isPart)
      .map((part) => ({ path, declaration: part }));
  }

  #boundInto(unit: Target): readonly Target[] {
    this.#bound ??= Map.groupBy(
      this.#index.bindings(),
      ({ path, declaration }) => this.#resolver.boundUnit(path, declaration)?.declaration ?? null,
    );
    return this.#bound.get(unit.declaration) ?? [];
  }

  #hasChildren(unit: Target): boolean {
    return this.#bodies(unit).some((body) => this.#hasInstances(body)) || this.#boundInto(unit).length > 0;
  }

  #hasInstances(holder: Target): boolean {
    return this.#parts(holder).some((part) => !isBlock(part.declaration) || this.#hasInstances(part));
  }

  #parameters(unit: Target, overrides: Declaration['overrides']): HierarchyNode['parameters'] {
    return partsOf(this.#resolver, unit, ['parameter']).map((parameter, at) => {
      const set = named(overrides, parameter.name) ?? positional(overrides, at);
      return { name: parameter.name, value: set?.value ?? defaultOf(parameter) ?? '', set: set !== undefined };
    });
  }
}

const isBlock = ({ kind }: Declaration): boolean => kind === 'block';
const isPart = ({ kind, boundTo }: Declaration): boolean =>
  (kind === 'instance' && boundTo === null) || kind === 'block';
/** By name; where one of the two languages is VHDL letter case does not count. */
const named = (overrides: Declaration['overrides'], wanted: string): Declaration['overrides'][number] | undefined =>
  overrides.find(({ name }) => name === wanted) ??
  overrides.find(({ name }) => name?.toLowerCase() === wanted.toLowerCase());
const positional = (overrides: Declaration['overrides'], at: number): Declaration['overrides'][number] | undefined =>
  overrides[at]?.name === null ? overrides[at] : undefined;
const given = ({ overrides }: Declaration): HierarchyNode['parameters'] =>
  overrides.map(({ name, value }, at) => ({ name: name ?? `#${at + 1}`, value, set: true }));
