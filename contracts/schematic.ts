// A module's block diagram: what main makes of an elaborated netlist and the page lays out.
import { z } from 'zod';

/** A place in a source file; line and column from 1. */
export const SourcePlace = z.object({ path: z.string(), line: z.number().int(), column: z.number().int() });

export const SchematicPort = z.object({
  name: z.string(),
  direction: z.enum(['input', 'output', 'inout']),
  width: z.number().int(),
});
export type SchematicPort = z.infer<typeof SchematicPort>;

export const SchematicNode = z.object({
  id: z.string(),
  /**
   * port: of the module itself; instance: of another module; register, mux, operator: what the source's processes
   * became
   */
  kind: z.enum(['port', 'instance', 'register', 'mux', 'operator', 'constant']),
  /** of an instance; of a register the signal that it holds; '' where the source gives none */
  name: z.string(),
  /** module of an instance, symbol of an operator, value of a constant */
  label: z.string(),
  ports: z.array(SchematicPort),
  source: SourcePlace.nullable(),
});
export type SchematicNode = z.infer<typeof SchematicNode>;

export const SchematicEdge = z.object({
  id: z.string(),
  from: z.object({ node: z.string(), port: z.string() }),
  to: z.object({ node: z.string(), port: z.string() }),
  width: z.number().int(),
  /** as the source names it, with its range where the wire is a part of the signal; '' where it names none */
  name: z.string(),
  /** where the signal is declared */
  source: SourcePlace.nullable().optional(),
});
export type SchematicEdge = z.infer<typeof SchematicEdge>;

/** A part of a module that may be too large to draw: what stands before or behind a signal or block of that name. */
export const SchematicAround = z.object({
  name: z.string().min(1).max(300),
  direction: z.enum(['in', 'out']),
  /** registers, instances and ports that the trace passes, the last one included */
  stages: z.number().int().min(1).max(20),
});
export type SchematicAround = z.infer<typeof SchematicAround>;

export const SchematicGraph = z.object({
  module: z.string(),
  nodes: z.array(SchematicNode),
  edges: z.array(SchematicEdge),
  /** the module holds too much logic to draw: only instances and ports are shown, with what connects them directly */
  instances_only: z.boolean(),
  /** only what stands before or behind this signal was asked for */
  around: z.string().optional(),
  /** more stands there than is drawn */
  cut: z.boolean().optional(),
});
export type SchematicGraph = z.infer<typeof SchematicGraph>;
