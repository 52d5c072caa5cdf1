// IP-XACT components of every edition.
import { describe, expect, test } from 'vitest';
import { readIpxact } from './index.ts';
import { descriptionMarkdown } from '../to-markdown.ts';

const EDITIONS: readonly (readonly [edition: string, prefix: string, namespace: string])[] = [
  ['1.4', 'spirit', 'http://www.spiritconsortium.org/XMLSchema/SPIRIT/1.4'],
  ['1685-2009', 'spirit', 'http://www.spiritconsortium.org/XMLSchema/SPIRIT/1685-2009'],
  ['1685-2014', 'ipxact', 'http://www.accellera.org/XMLSchema/IPXACT/1685-2014'],
  ['1685-2022', 'ipxact', 'http://www.accellera.org/XMLSchema/IPXACT/1685-2022'],
];

/** Writes `x:` for the edition's prefix. */
function component(inner: string, [, prefix, namespace] = EDITIONS[2] ?? ['', '', '']): string {
  const text = `<?xml version="1.0"?><x:component xmlns:x="${namespace}"><x:vendor>acme</x:vendor><x:library>ip</x:library><x:name>uart</x:name><x:version>1.0</x:version>${inner}</x:component>`;
  return text.replaceAll('x:', `${prefix}:`).replaceAll(`xmlns${prefix}:`, 'xmlns:').replaceAll('xmlns:ip', 'xmlns:ip');
}
const field = (name: string, offset: string, width: string, more = ''): string =>
  `<x:field><x:name>${name}</x:name><x:bitOffset>${offset}</x:bitOffset><x:bitWidth>${width}</x:bitWidth>${more}</x:field>`;
const register = (name: string, offset: string, inner: string, before = ''): string =>
  `<x:register><x:name>${name}</x:name>${before}<x:addressOffset>${offset}</x:addressOffset><x:size>32</x:size>${inner}</x:register>`;
const map = (inner: string): string =>
  `<x:memoryMaps><x:memoryMap><x:name>regs</x:name><x:addressBlock><x:name>main</x:name><x:baseAddress>0x1000</x:baseAddress><x:range>256</x:range><x:width>32</x:width>${inner}</x:addressBlock></x:memoryMap></x:memoryMaps>`;

describe.each(EDITIONS)('%s', (...edition) => {
  test('registers, fields, access, enumerations, reset', () => {
    const isOld = edition[1] === 'spirit';
    const reset = isOld ? '<x:reset><x:value>0x35</x:value><x:mask>0xff</x:mask></x:reset>' : '';
    const own = isOld ? '' : '<x:resets><x:reset><x:value>0x5</x:value></x:reset></x:resets>';
    const policy = (inner: string): string =>
      edition[0] === '1685-2022'
        ? `<x:fieldAccessPolicies><x:fieldAccessPolicy>${inner}</x:fieldAccessPolicy></x:fieldAccessPolicies>`
        : inner;
    const text = component(
      map(
        register(
          'CTRL',
          "'h4",
          reset +
            field(
              'mode',
              '0',
              '3',
              own +
                policy('<x:access>read-write</x:access>') +
                '<x:enumeratedValues><x:enumeratedValue><x:name>off</x:name><x:value>0</x:value></x:enumeratedValue></x:enumeratedValues>',
            ) +
            field(
              'err',
              '4',
              '1',
              policy(
                '<x:access>read-only</x:access><x:modifiedWriteValue>oneToClear</x:modifiedWriteValue><x:readAction>clear</x:readAction>',
              ),
            ),
        ),
      ),
      edition,
    );
    const { description, notes } = readIpxact(text);
    expect(notes).toEqual([]);
    expect(description.blocks).toMatchObject([{ name: 'regs.main', base: 0x1000n, size: 256n }]);
    const [entry] = description.blocks[0]?.entries ?? [];
    expect(entry).toMatchObject({ name: 'CTRL', offset: 4n });
    expect(entry?.kind === 'register' ? entry.fields : []).toMatchObject([
      { name: 'mode', bits: '2:0', access: 'rw', reset: '0x5', values: [{ value: '0', name: 'off' }] },
      { name: 'err', bits: '4', access: 'ro, rc, w1c', reset: isOld ? '0x1' : '' },
    ]);
  });
});

test('ports with widths over parameters, and bus interfaces with what they connect', () => {
  const text = component(`
    <x:busInterfaces><x:busInterface><x:name>axi</x:name><x:busType vendor="amba.com" library="AMBA4" name="AXI4" version="r0p0"/>
      <x:abstractionTypes><x:abstractionType><x:portMaps><x:portMap><x:logicalPort><x:name>AWADDR</x:name></x:logicalPort><x:physicalPort><x:name>addr</x:name><x:partSelect><x:range><x:left>7</x:left><x:right>0</x:right></x:range></x:partSelect></x:physicalPort></x:portMap></x:portMaps></x:abstractionType></x:abstractionTypes><x:slave/></x:busInterface></x:busInterfaces>
    <x:model><x:ports>
      <x:port><x:name>clk</x:name><x:description>clock</x:description><x:wire><x:direction>in</x:direction></x:wire></x:port>
      <x:port><x:name>addr</x:name><x:wire><x:direction>in</x:direction><x:vectors><x:vector><x:left>uuid_1 - 1</x:left><x:right>0</x:right></x:vector></x:vectors></x:wire></x:port>
      <x:port><x:name>q</x:name><x:wire><x:direction>out</x:direction><x:vectors><x:vector><x:left>7</x:left><x:right>0</x:right></x:vector></x:vectors></x:wire></x:port>
      <x:port><x:name>tlm</x:name><x:transactional/></x:port>
    </x:ports></x:model>
    <x:parameters><x:parameter parameterId="uuid_1"><x:name>ADDR_WIDTH</x:name><x:value>12</x:value></x:parameter></x:parameters>`);
  const { description, notes } = readIpxact(text);
  const shown = descriptionMarkdown(description);
  expect(shown).toContain('| ADDR_WIDTH | 12 | |');
  expect(shown).toContain('| clk | input | 1 | clock |\n| addr | input | ADDR_WIDTH | |\n| q | output | 8 | |');
  expect(shown).toContain('| axi | amba.com:AMBA4:AXI4:r0p0 | slave | AWADDR = addr[7:0] | |');
  expect(notes.map((note) => note.text)).toEqual(['the port tlm was not understood: it is no wire']);
});

test('register files, arrays, banks and memories', () => {
  const text = component(
    `<x:memoryMaps><x:memoryMap><x:name>m</x:name>
      <x:addressBlock><x:name>a</x:name><x:baseAddress>0</x:baseAddress><x:range>4096</x:range><x:width>32</x:width>
        <x:registerFile><x:name>ch</x:name><x:dim>4</x:dim><x:addressOffset>0x100</x:addressOffset><x:range>0x40</x:range>${register('D', '0x8', '', '<x:dim>2</x:dim>')}</x:registerFile>
      </x:addressBlock>
      <x:bank bankAlignment="serial"><x:name>b</x:name><x:baseAddress>0x8000</x:baseAddress>
        <x:addressBlock><x:name>r0</x:name><x:range>0x100</x:range><x:width>32</x:width><x:usage>memory</x:usage></x:addressBlock>
        <x:addressBlock><x:name>r1</x:name><x:range>0x200</x:range><x:width>8</x:width><x:usage>memory</x:usage></x:addressBlock>
      </x:bank></x:memoryMap></x:memoryMaps>`,
  );
  const { blocks } = readIpxact(text).description;
  expect(blocks[0]?.entries[0]).toMatchObject({
    name: 'ch[0..3].D[0..1]',
    offset: 0x108n,
    array: { counts: [4n, 2n], strides: [0x40n, 4n] },
  });
  expect(blocks.slice(1)).toMatchObject([
    { base: 0x8000n, entries: [{ kind: 'memory', entries: 64n, width: 32n }] },
    { base: 0x8100n, entries: [{ kind: 'memory', entries: 512n, width: 8n }] },
  ]);
});

test('numbers as 1685-2009 writes them: #10 is hexadecimal, 4K are 4096', () => {
  const text = component(map(register('CTRL', '#10', field('EN', '0', '1'))).replace('>256<', '>4K<'), EDITIONS[1]);
  const { description, notes } = readIpxact(text);
  const markdown = descriptionMarkdown(description);
  expect(markdown).toContain('0x1000 bytes');
  expect(markdown).toContain('### CTRL (offset 0x10)');
  expect(notes).toEqual([]);
});

test('what is not understood is said with its line', () => {
  const text = component(
    `\n<x:vendorExtensions><a/></x:vendorExtensions>\n<x:surprise>1</x:surprise>\n${map(register('R', 'BASE + 4', field('f', '0', 'W')))}`,
  );
  const { description, notes } = readIpxact(text);
  expect(description.blocks[0]?.entries[0]).toMatchObject({ offset: 'BASE + 4', fields: [{ bits: '0 +: W' }] });
  expect(notes.map((note) => `${note.line ?? ''} ${note.text}`)).toEqual([
    '3 the element surprise was not understood: 1',
    '4 the offset of R was not understood: BASE + 4',
    '4 the bits of f was not understood: W',
    '2 the vendor extensions says nothing about the design and was left out',
  ]);
});

test.each([
  ['<x:design xmlns:x="http://www.accellera.org/XMLSchema/IPXACT/1685-2014"/>', /a design, not a component/],
  ['<html/>', /no IP-XACT: its root is html/],
  ['<component><name>x</component>', /not well-formed/],
  ['<!DOCTYPE c [<!ENTITY a "b">]><component>&a;</component>', /declares a document type/],
  [`${'<a>'.repeat(20_000)}`, /nested deeper/],
])('%s', (text, message) => {
  expect(() => readIpxact(text)).toThrow(message);
});
