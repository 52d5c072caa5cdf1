// The list of adapters. A new tool is one folder and one line here.
import type { ToolId } from '@genrtl/contracts';
import type { ToolAdapter } from '../adapter.ts';
import { icarus } from './icarus/index.ts';
import { verilator } from './verilator/index.ts';
import { yosys } from './yosys/index.ts';

export const adapters: readonly ToolAdapter[] = [icarus, verilator, yosys];

export function adapterById(id: ToolId): ToolAdapter | undefined {
  return adapters.find((adapter) => adapter.id === id);
}
