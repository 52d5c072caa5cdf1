// What the schematic shows, and the source of the block that has the focus, for jumps to other rooms.
import { create } from 'zustand';
import type { SchematicNode } from '@genrtl/contracts/schematic.ts';

interface SchematicPlace {
  readonly module: string | null;
  readonly source: SchematicNode['source'];
  /** the block that has the focus, or had it last */
  readonly node: SchematicNode | null;
}

export const useSchematicPlace = create<SchematicPlace>()(() => ({ module: null, source: null, node: null }));
