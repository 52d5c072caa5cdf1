import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CbbManifest } from '@genrtl/contracts';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { BUILTIN_PACKAGES } from './catalog.ts';
import { benderYml, fusesocCore } from './export.ts';

const manifest = CbbManifest.parse(
  JSON.parse(readFileSync(join(BUILTIN_PACKAGES, 'cbb_uart_tx/manifest.json'), 'utf8')),
);

test('a FuseSoC core file: CAPI2 header, name, filesets, targets, parameters', () => {
  const text = fusesocCore(manifest);
  expect(text.split('\n')[0]).toBe('CAPI=2:');
  const core = parse(text.slice(text.indexOf('\n'))) as Record<string, unknown>;
  expect(core).toMatchObject({
    name: `genrtl:cbb:cbb_uart_tx:${manifest.version}`,
    description: 'UART transmitter',
    filesets: {
      rtl: { files: ['rtl/cbb_uart_tx.sv'], file_type: 'systemVerilogSource' },
      tb: { files: ['tb/tb_cbb_uart_tx.sv'], file_type: 'systemVerilogSource' },
    },
    targets: {
      default: { filesets: ['rtl'] },
      lint: { toplevel: 'cbb_uart_tx', default_tool: 'verilator' },
      sim: {
        toplevel: 'tb_cbb_uart_tx',
        filesets: ['rtl', 'tb'],
        parameters: ['DATA_BITS', 'PARITY', 'STOP_BITS', 'DIV_WIDTH'],
      },
    },
    parameters: { DATA_BITS: { datatype: 'int', default: 8, paramtype: 'vlogparam' } },
  });
});

test('a Bender manifest: benches only behind test and simulation', () => {
  expect(parse(benderYml(manifest))).toEqual({
    package: { name: 'cbb_uart_tx', authors: ['genRTL'], description: 'UART transmitter' },
    sources: [{ files: ['rtl/cbb_uart_tx.sv'] }, { target: 'any(test, simulation)', files: ['tb/tb_cbb_uart_tx.sv'] }],
  });
});

test('dependencies, text parameters and include folders are carried over', () => {
  const other: CbbManifest = {
    ...manifest,
    include_dirs: ['rtl/include'],
    dependencies: [
      { cbb_id: 'cbb_fifo_sync', range: '^1.2.0' },
      { cbb_id: 'cbb_sync_bit', range: '1.0.0' },
    ],
    parameters: [
      { name: 'INIT_FILE', type: 'string', default: '', description: 'text: with # and "quotes"' },
      { name: 'POLY', type: 'bits', default: "32'h04C1_1DB7", description: 'polynomial' },
    ],
  };
  const core = parse(fusesocCore(other).replace(/^CAPI=2:\n/, '')) as {
    filesets: { rtl: { depend: string[] } };
    parameters: Record<string, unknown>;
  };
  expect(core.filesets.rtl.depend).toEqual(['^genrtl:cbb:cbb_fifo_sync:1.2.0', '=genrtl:cbb:cbb_sync_bit:1.0.0']);
  expect(core.parameters).toMatchObject({
    INIT_FILE: { datatype: 'str', default: '', description: 'text: with # and "quotes"' },
    POLY: { datatype: 'int', default: 0x04c11db7 },
  });
  expect(parse(benderYml(other))).toMatchObject({
    dependencies: { cbb_fifo_sync: { version: '^1.2.0' } },
    sources: [{ include_dirs: ['rtl/include'] }, {}],
  });
});
