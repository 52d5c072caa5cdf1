// The shapes of what a specification says of the top module's interface.

/** Absent members were not said; `line` is that of the document. */
export interface SpecPort {
  readonly name: string;
  readonly line: number;
  readonly direction?: 'input' | 'output' | 'inout' | undefined;
  /** an expression over parameters */
  readonly width?: string;
  /** what the description says of a reset */
  readonly active?: 'low' | 'high';
  readonly async?: boolean;
  /** the design may do without it, or it may not be a name at all */
  readonly optional?: true;
}
export interface SpecParameter {
  readonly name: string;
  readonly line: number;
  readonly default?: string;
  readonly optional?: true;
}
export interface SpecClock {
  readonly name: string;
  readonly line: number;
}
export interface SpecReset {
  readonly name: string;
  readonly line: number;
  readonly active?: 'low' | 'high';
  readonly async?: boolean;
}
/** Several entries may speak of the same name; they need not agree. */
export interface SpecInterface {
  readonly top: { readonly name: string; readonly line: number } | null;
  readonly ports: readonly SpecPort[];
  readonly parameters: readonly SpecParameter[];
  readonly clocks: readonly SpecClock[];
  readonly resets: readonly SpecReset[];
}
