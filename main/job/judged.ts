// What a job's benches have to look at: every output of a design that the job made; on a design that was there before,
// the outputs that its changes can reach, and those of the modules that it added.
import { DesignCones, type LinesByFile } from '@genrtl/core/evidence/index.ts';
import { codeOf } from '@genrtl/core/hdl/lexer.ts';
import { readModules } from '@genrtl/core/hdl/module-reader.ts';
import { scanModules } from '@genrtl/core/hdl/modules.ts';
import type { Judged } from '@genrtl/eda/strength/index.ts';
import type { JobChanges } from './job-changes.ts';

export interface JudgedDesign {
  /** the top first */
  readonly judged: readonly Judged[];
  /** of sources that were there before, the lines that mutants are made of */
  readonly mutateLines: LinesByFile;
  /** whether a line may decide the value of an output that counts */
  readonly reachable: (file: string, line: number) => boolean;
}

/** `texts`: the design's own sources as they are now, packages left out. */
export function judgedDesign(texts: ReadonlyMap<string, string>, top: string, changes: JobChanges): JudgedDesign {
  const sources = [...texts].map(([path, text]) => ({ path, text }));
  const earlier = sources.flatMap(({ path, text }) => {
    const before = changes.before.get(path);
    return before === undefined ? [{ path, text }] : before === null ? [] : [{ path, text: before }];
  });
  const portsBefore = outputsOf(earlier, top);
  const portsNow = outputsOf(sources, top) ?? new Set<string>();
  const cones = new DesignCones(sources, top);
  const charged =
    portsBefore === null
      ? portsNow
      : new Set([...portsNow].filter((port) => !portsBefore.has(port) || cones.touches(port, changes.touched)));
  const mutateLines = new Map(
    [...changes.added].filter(([file]) => changes.before.get(file) !== null && changes.before.has(file)),
  );
  return {
    judged: [
      { module: top, ...(portsBefore === null ? {} : { charged }) },
      ...addedModules(sources, earlier, top, portsBefore !== null).map((module) => ({ module })),
    ],
    mutateLines,
    reachable: (file, line) => {
      const place = new Map([[file, new Set([line])]]);
      return charged.size === 0 || [...charged].some((port) => cones.touches(port, place));
    },
  };
}

interface Source {
  readonly path: string;
  readonly text: string;
}

/** Outputs and inouts of a module; null: no source declares it. */
function outputsOf(sources: readonly Source[], name: string): ReadonlySet<string> | null {
  for (const { text } of sources) {
    const module = readModules(codeOf(text)).find((one) => one.name === name);
    if (module !== undefined)
      return new Set(module.ports.filter(({ direction }) => direction !== 'input').map((port) => port.name));
  }
  return null;
}

/**
 * New modules that an old one instantiates, and with `loose` those that nobody does: a new one below another new one is
 * seen through it.
 */
function addedModules(now: readonly Source[], before: readonly Source[], top: string, loose: boolean): string[] {
  const old = new Set(scanModules(before).map(({ name }) => name));
  const modules = scanModules(now);
  const added = modules.filter(({ name }) => !old.has(name) && name !== top);
  return added
    .filter(({ name }) => {
      const parents = modules.filter(({ instantiates }) => instantiates.includes(name));
      return (loose && parents.length === 0) || parents.some((parent) => old.has(parent.name));
    })
    .map(({ name }) => name);
}
