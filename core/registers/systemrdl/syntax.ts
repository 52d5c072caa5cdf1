// The syntax tree of SystemRDL: what was written, before anything is instantiated.

export type ComponentKind = 'addrmap' | 'regfile' | 'reg' | 'field' | 'mem' | 'signal';
export const COMPONENT_KINDS: ReadonlySet<string> = new Set(['addrmap', 'regfile', 'reg', 'field', 'mem', 'signal']);

export interface ComponentDefinition {
  readonly kind: ComponentKind;
  /** null for an anonymous one */
  readonly name: string | null;
  readonly parameters: readonly ParameterDefinition[];
  readonly body: readonly Statement[];
  readonly line: number;
}

export interface ParameterDefinition {
  readonly name: string;
  readonly default: Expression | null;
}

export interface EnumDefinition {
  readonly name: string;
  readonly members: readonly {
    readonly name: string;
    readonly value: Expression | null;
    readonly title: string;
    readonly description: string;
  }[];
}

export interface Instance {
  readonly name: string;
  readonly dimensions: readonly Expression[];
  readonly range: { readonly left: Expression; readonly right: Expression } | null;
  readonly reset: Expression | null;
  /** `@`, `+=`, `%=` */
  readonly address: Expression | null;
  readonly stride: Expression | null;
  readonly alignment: Expression | null;
  readonly line: number;
}

export type Statement =
  | { readonly kind: 'component'; readonly definition: ComponentDefinition }
  | { readonly kind: 'enum'; readonly definition: EnumDefinition }
  | {
      readonly kind: 'instances';
      /** a type's name, or the anonymous type itself */
      readonly type: string | ComponentDefinition;
      readonly arguments: readonly { readonly name: string; readonly value: Expression }[];
      readonly instances: readonly Instance[];
      readonly external: boolean;
      /** the register that these are another view of */
      readonly alias: string | null;
      readonly line: number;
    }
  | {
      readonly kind: 'property';
      readonly isDefault: boolean;
      readonly name: string;
      /** null: set without a value, which is true */
      readonly value: Expression | null;
      readonly line: number;
    }
  | {
      readonly kind: 'assignment';
      readonly path: readonly PathStep[];
      readonly property: string;
      readonly value: Expression | null;
      readonly line: number;
    }
  | { readonly kind: 'propertyDefinition'; readonly name: string };

export interface PathStep {
  readonly name: string;
  readonly indices: readonly Expression[];
}

export type Expression =
  | { readonly kind: 'number'; readonly value: bigint; readonly width: number | null; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  /** `enum::member` */
  | { readonly kind: 'member'; readonly of: string; readonly name: string }
  /** a component or one of its properties: `a.b[1]->next` */
  | { readonly kind: 'reference'; readonly path: readonly PathStep[]; readonly property: string | null }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'ternary'; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly array: boolean }
  | { readonly kind: 'replicate'; readonly count: Expression; readonly items: readonly Expression[] }
  | {
      readonly kind: 'struct';
      readonly type: string;
      readonly members: readonly { readonly name: string; readonly value: Expression }[];
    }
  | { readonly kind: 'cast'; readonly to: string; readonly width: Expression | null; readonly value: Expression };
