// Pictures of declarations, by what they are.
import { Box, CircuitBoard, Code, Hash, Package, Plug, Variable } from 'lucide-react';
import type { SymbolKind } from '@genrtl/contracts/language.ts';
import type { Icon } from '@genrtl/ui/controls.tsx';

const GLYPHS: Readonly<Partial<Record<SymbolKind, Icon>>> = {
  module: CircuitBoard,
  interface: CircuitBoard,
  program: CircuitBoard,
  udp: CircuitBoard,
  checker: CircuitBoard,
  entity: CircuitBoard,
  architecture: CircuitBoard,
  component: CircuitBoard,
  package: Package,
  class: Package,
  port: Plug,
  parameter: Hash,
  localparam: Hash,
  constant: Hash,
  macro: Hash,
  instance: Box,
  function: Code,
  task: Code,
  process: Code,
};

export const glyphOf = (kind: SymbolKind): Icon => GLYPHS[kind] ?? Variable;
