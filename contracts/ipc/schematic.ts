// Calls of the page: schematics.
import { z } from 'zod';
import { Identifier } from '../primitives.ts';
import { SchematicAround, SchematicGraph } from '../schematic.ts';
import { call } from './call.ts';

export const SCHEMATIC_CALLS = {
  /**
   * elaborates a module with Yosys; a module that does not elaborate is DESIGN_FAILED with its diagnostics in the
   * details. `around` reads the part of it behind or before a name; NOT_FOUND when nothing is called so
   */
  'schematic.read': call(
    z.object({ workspace: z.string(), module: Identifier, around: SchematicAround.optional() }),
    SchematicGraph,
  ),
} as const;
