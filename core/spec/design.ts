// An elaborated spec: names resolved, widths known, every driver found. What the composer writes down.
import type { CbbManifest, Diagnostic } from '@genrtl/contracts';
import type { Expr } from './expr/ast.ts';
import type { Width } from './expr/width.ts';

export interface DesignParameter {
  readonly name: string;
  readonly value: bigint;
  /** null for an unsized default: the parameter is an integer */
  readonly width: Width | null;
  readonly expr: Expr;
  readonly description: string;
}
export interface DesignPort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly width: Width;
  readonly description: string;
  readonly line: number;
}
export interface DesignReset {
  readonly name: string;
  readonly active: 'low' | 'high';
  readonly async: boolean;
}
export interface DesignClock {
  readonly name: string;
  readonly reset: DesignReset | null;
  readonly periodPs: number;
}
export interface DesignPin {
  readonly port: string;
  readonly direction: 'input' | 'output';
  readonly width: Width;
  /** of an input: what drives it; null for outputs */
  readonly source: Expr | null;
}
export interface DesignInstance {
  readonly name: string;
  readonly manifest: CbbManifest;
  /** overrides only, in the order of the spec; strings come without quotes */
  readonly parameters: readonly { readonly name: string; readonly value: Expr | string }[];
  readonly pins: readonly DesignPin[];
  readonly line: number;
}
/** A combinational assignment; `target` is a net or the input pin of an instance. */
export interface DesignLogic {
  readonly target:
    | { readonly kind: 'net'; readonly name: string }
    | { readonly kind: 'pin'; readonly instance: string; readonly port: string };
  readonly width: Width;
  readonly expr: Expr;
  /** an index is wider than its vector needs: legal, but linters speak up */
  readonly wideIndex: boolean;
  readonly line: number;
}
export interface DesignRegister {
  readonly name: string;
  readonly width: Width;
  /** null: not reset, or without a power-up value when the clock has no reset */
  readonly reset: Expr | null;
  readonly next: Expr;
  readonly clock: DesignClock;
  readonly wideIndex: boolean;
  readonly line: number;
}
/** A net that is neither a port nor a pin's own. */
export interface DesignNet {
  readonly name: string;
  readonly kind: 'wire' | 'register';
  readonly width: Width;
}
export interface CheckValue {
  readonly port: string;
  /** exactly as many 0, 1, x, z as the port has bits, most significant first */
  readonly bits: string;
  /** as the spec writes it */
  readonly text: string;
}
export interface CheckRow {
  /** `check_<n>`, n counted from 1 in the order of the spec */
  readonly id: string;
  readonly line: number;
  readonly cycle: number;
  readonly timePs: number;
  readonly periodPs: number;
  readonly drive: readonly CheckValue[];
  readonly expect: readonly CheckValue[];
}

/** Pure data; see composePlan and composeFiles. */
export interface Design {
  readonly file: string;
  readonly title: string;
  readonly summary: string;
  readonly module: string;
  readonly parameters: readonly DesignParameter[];
  readonly ports: readonly DesignPort[];
  readonly clocks: readonly DesignClock[];
  readonly instances: readonly DesignInstance[];
  readonly nets: readonly DesignNet[];
  readonly logic: readonly DesignLogic[];
  readonly registers: readonly DesignRegister[];
  /** in the order of the spec */
  readonly checks: readonly CheckRow[];
  /** what the composer decided for the author, one sentence each */
  readonly assumptions: readonly string[];
  /** legal things that deserve a look */
  readonly warnings: readonly Diagnostic[];
}
