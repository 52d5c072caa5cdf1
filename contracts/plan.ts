// The plan: what will be built, and the interface that it promises.
import { z } from 'zod';

export const Direction = z.enum(['input', 'output', 'inout']);
export const PlanPort = z.object({
  name: z.string().min(1),
  direction: Direction,
  /** a number, a parameter or an expression over parameters, e.g. "8", "WIDTH", "WIDTH-1" */
  width: z.string().min(1),
  description: z.string(),
});
export const PlanParameter = z.object({ name: z.string().min(1), default: z.string(), description: z.string() });
export const PlanReset = z.object({ name: z.string().min(1), active: z.enum(['low', 'high']), async: z.boolean() });
export const PlanInstance = z.object({ name: z.string().min(1), of: z.string().min(1), cbb: z.string().optional() });

/** A pin of an instance, or without one a port of the module itself. */
export const PlanEnd = z.object({ instance: z.string().optional(), port: z.string().min(1) });
export type PlanEnd = z.infer<typeof PlanEnd>;
export const PlanConnection = z.object({
  from: PlanEnd,
  to: PlanEnd,
  /** of what reads it, over the module's parameters */
  width: z.string().min(1),
  /** what lies between; left out when the pins are connected as they are */
  through: z.enum(['logic', 'registers']).optional(),
});
export type PlanConnection = z.infer<typeof PlanConnection>;

export const PlanModule = z.object({
  name: z.string().min(1),
  purpose: z.string(),
  ports: z.array(PlanPort),
  parameters: z.array(PlanParameter),
  clocks: z.array(z.string()),
  resets: z.array(PlanReset),
  instances: z.array(PlanInstance),
  /** what feeds what inside, where the plan knows it; clocks and resets of registers are not among them */
  connections: z.array(PlanConnection).optional(),
});
export type PlanModule = z.infer<typeof PlanModule>;

export const Requirement = z.object({
  id: z.string().min(1),
  /** an exact cbb id, a function or title, or words matched against tags and synonyms */
  function: z.string().min(1),
  protocol: z.string().optional(),
  width: z.number().int().positive().optional(),
  depth: z.number().int().positive().optional(),
  clock_domains: z.number().int().positive().optional(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  needs_tb: z.boolean(),
});
export type Requirement = z.infer<typeof Requirement>;

export const PlanCheck = z.object({
  id: z.string().min(1),
  text: z.string(),
  spec_line: z.number().int().positive().optional(),
});
export type PlanCheck = z.infer<typeof PlanCheck>;

export const Plan = z.object({
  title: z.string(),
  summary: z.string(),
  top: PlanModule,
  modules: z.array(PlanModule),
  cbb_requirements: z.array(Requirement),
  verification: z.object({ checks: z.array(PlanCheck) }),
  files: z.array(z.object({ path: z.string().min(1), purpose: z.string() })),
  assumptions: z.array(z.string()),
  questions: z.array(z.string()),
});
export type Plan = z.infer<typeof Plan>;
