// What a name means at a place: types, enumerations, parameters and default properties, from the innermost component
// out.
import type { ComponentDefinition } from './syntax.ts';
import type { RdlValue } from './values.ts';

export interface Enumeration {
  readonly name: string;
  readonly members: readonly {
    readonly name: string;
    readonly value: bigint;
    readonly title: string;
    readonly description: string;
  }[];
}

export interface PropertyValue {
  readonly value: RdlValue;
  readonly line: number;
}

/** A type with the scope that it was written in and the defaults that held there. */
export interface TypeEntry {
  readonly definition: ComponentDefinition;
  readonly scope: Scope;
  readonly defaults: ReadonlyMap<string, PropertyValue>;
}

export class Scope {
  readonly #outer: Scope | null;
  readonly #types = new Map<string, TypeEntry>();
  readonly #enumerations = new Map<string, Enumeration>();
  readonly #values = new Map<string, RdlValue>();
  readonly #defaults = new Map<string, PropertyValue>();

  constructor(outer: Scope | null) {
    this.#outer = outer;
  }

  type(name: string): TypeEntry | undefined {
    return this.#types.get(name) ?? this.#outer?.type(name);
  }

  enumeration(name: string): Enumeration | undefined {
    return this.#enumerations.get(name) ?? this.#outer?.enumeration(name);
  }

  value(name: string): RdlValue | undefined {
    return this.#values.get(name) ?? this.#outer?.value(name);
  }

  /** The defaults that hold for a component that is written here, inner ones before outer ones. */
  defaults(): Map<string, PropertyValue> {
    return new Map([...(this.#outer?.defaults() ?? []), ...this.#defaults]);
  }

  addType(definition: ComponentDefinition): void {
    if (definition.name !== null)
      this.#types.set(definition.name, { definition, scope: this, defaults: this.defaults() });
  }

  addEnumeration(enumeration: Enumeration): void {
    this.#enumerations.set(enumeration.name, enumeration);
  }

  addValue(name: string, value: RdlValue): void {
    this.#values.set(name, value);
  }

  addDefault(name: string, value: PropertyValue): void {
    this.#defaults.set(name, value);
  }
}
