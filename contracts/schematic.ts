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
  name: z.string(),
});
export type SchematicEdge = z.infer<typeof SchematicEdge>;

export const SchematicGraph = z.object({
  module: z.string(),
  nodes: z.array(SchematicNode),
  edges: z.array(SchematicEdge),
  /** the module holds too much logic to draw: only instances and ports are shown, with what connects them directly */
  instances_only: z.boolean(),
});
export type SchematicGraph = z.infer<typeof SchematicGraph>;
