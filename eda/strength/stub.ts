// A design that does nothing: its own top with every output tied to one value. A testbench that lets it pass tests
// nothing.
import { findModule } from './module-text.ts';

export type Tie = '0' | '1' | 'x';

/** The source with the body of `top` replaced; null when it has no such module or the module has no outputs. */
export function stubSource(source: string, top: string, tie: Tie): string | null {
  const module = findModule(source, top);
  if (module === null || module.outputs.length === 0) return null;
  const ties = module.outputs.map(({ name, variable }) =>
    variable ? `  initial ${name} = '${tie};` : `  assign ${name} = '${tie};`,
  );
  const body = ['', ...(module.declarations === '' ? [] : [`  ${module.declarations}`]), ...ties, ''].join('\n');
  return source.slice(0, module.bodyStart) + body + source.slice(module.bodyEnd);
}
