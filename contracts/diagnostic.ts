// One finding of a tool or of a check of ours, in one shape for every tool.
import { z } from 'zod';

/** Tools whose logs can be parsed; `genrtl` is our own checks (specs, interfaces, benches). */
export const ToolId = z.enum([
  'verible',
  'icarus',
  'verilator',
  'yosys',
  'ghdl',
  'vcs',
  'questa',
  'xcelium',
  'vivado',
  'quartus',
]);
export type ToolId = z.infer<typeof ToolId>;

/** Accepts `iverilog` for `icarus`. */
export function toolIdFrom(text: string): ToolId | undefined {
  const parsed = ToolId.safeParse(text === 'iverilog' ? 'icarus' : text);
  return parsed.success ? parsed.data : undefined;
}

export const Severity = z.enum(['error', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

export const Diagnostic = z.object({
  tool: z.string(),
  severity: Severity,
  code: z.string().optional(),
  message: z.string(),
  /** relative to the workspace root */
  file: z.string().optional(),
  /** from 1 */
  line: z.number().int().positive().optional(),
  /** from 1 */
  column: z.number().int().positive().optional(),
  end_column: z.number().int().positive().optional(),
  /** hierarchical instance path */
  scope: z.string().optional(),
  /** simulation time as the tool printed it, e.g. "125 ns" or "125000" */
  time: z.string().optional(),
  related: z.array(z.object({ file: z.string(), line: z.number().int(), message: z.string() })).optional(),
});
export type Diagnostic = z.infer<typeof Diagnostic>;
