// The list of adapters. A new tool is one folder and one line here.
import type { ToolId } from '@genrtl/contracts';
import type { ToolAdapter } from '../adapter.ts';
import { ghdl } from './ghdl/index.ts';
import { icarus } from './icarus/index.ts';
import { quartus } from './quartus/index.ts';
import { questa } from './questa/index.ts';
import { vcs } from './vcs/index.ts';
import { verible } from './verible/index.ts';
import { verilator } from './verilator/index.ts';
import { vivado } from './vivado/index.ts';
import { xcelium } from './xcelium/index.ts';
import { yosys } from './yosys/index.ts';

export const adapters: readonly ToolAdapter<ToolId>[] = [
  verible,
  icarus,
  verilator,
  yosys,
  ghdl,
  vcs,
  questa,
  xcelium,
  vivado,
  quartus,
];

export function adapterById(id: ToolId): ToolAdapter<ToolId> | undefined {
  return adapters.find((adapter) => adapter.id === id);
}
