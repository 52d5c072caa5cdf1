// Running EDA tools. Everything that starts one goes through here.
export { captureOutput } from './capture.ts';
export { runTool } from './run-tool.ts';
export { detectTool } from './detection.ts';
export { convertFst } from './convert-fst.ts';
export { findExecutable } from './executable.ts';
export type { RunLimits, RunToolRequest, RunToolResult } from './types.ts';
