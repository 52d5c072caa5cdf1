// Finds modules in the sources of a design as its simulator sees them.
import { isAbsolute, join, posix, resolve } from 'node:path';
import { readModules } from '@genrtl/core/hdl/module-reader.ts';
import type { HdlModule } from '@genrtl/core/hdl/module-reader.ts';
import { preprocess } from '@genrtl/core/hdl/preprocess.ts';
import type { SeenToken, SourceFile } from '@genrtl/core/hdl/preprocess.ts';
import { isCode } from '@genrtl/core/hdl/lexer.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import type { HarnessSource } from './harness.ts';

export interface SourceSet {
  readonly workspace: string;
  /** in compile order */
  readonly design: readonly string[];
  readonly includeDirs?: readonly string[];
  readonly defines?: Readonly<Record<string, string | null>>;
  readonly simulator: string;
}

/** What simulators define by themselves. */
const PREDEFINED: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  icarus: { __ICARUS__: null },
  verilator: { VERILATOR: '1', verilator: '1', verilator3: '1' },
};

export interface Located {
  readonly module: HdlModule;
  readonly file: string;
  readonly source: HarnessSource;
}

/** Every module by name; of several declarations the first counts. */
export async function locateModules(
  set: SourceSet,
  texts: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Located>> {
  const headers = await readHeaders(set, texts);
  const seen = preprocess(
    set.design.map((path) => ({ path, text: texts.get(path) ?? '' })),
    {
      mode: 'as_defined',
      defines: { ...PREDEFINED[set.simulator], ...set.defines },
      include: (name, from) => headers(name, from),
    },
  );
  // directives that survive stay for the text, not for who reads it
  const code = seen.tokens.filter(isCode);
  const located = new Map<string, Located>();
  for (const module of readModules(code)) {
    const token = code[module.at];
    if (token === undefined || located.has(module.name)) continue;
    const file = token.file;
    const text = texts.get(file);
    if (text === undefined) continue;
    const tokens: readonly SeenToken[] = code;
    located.set(module.name, { module, file, source: { text, tokens, module } });
  }
  return located;
}

export function moduleUnderTest(
  located: ReadonlyMap<string, Located>,
  name: string,
): { name: string; file: string; source: HarnessSource } | null {
  const found = located.get(name);
  return found === undefined ? null : { name, file: found.file, source: found.source };
}

/**
 * Texts by path in, a function that finds what an include means out. Includes are looked for beside the includer, in
 * the include folders and at the root, as the runner does.
 */
export async function readHeaders(
  { workspace, design, includeDirs = [] }: Pick<SourceSet, 'workspace' | 'design' | 'includeDirs'>,
  texts: ReadonlyMap<string, string>,
): Promise<(name: string, from: string) => SourceFile | null> {
  const known = new Map<string, string | null>(texts);
  const placesOf = (name: string, from: string): string[] =>
    isAbsolute(name)
      ? [name]
      : [posix.dirname(from), ...includeDirs, '.'].map((dir) =>
          isAbsolute(dir) ? join(dir, name) : posix.join(dir, name),
        );
  const visit = async (path: string, text: string): Promise<void> => {
    for (const [, name] of text.matchAll(/`include\s+["<]([^">\n]+)[">]/g)) {
      if (name === undefined) continue;
      for (const place of placesOf(name, path)) {
        if (!known.has(place)) {
          const found = await readRegular(resolve(workspace, place), 'utf8').catch(() => null);
          known.set(place, found);
          if (found !== null) await visit(place, found);
        }
        if (known.get(place) != null) break;
      }
    }
  };
  for (const path of design) await visit(path, texts.get(path) ?? '');
  return (name, from) => {
    for (const place of placesOf(name, from)) {
      const text = known.get(place);
      if (text != null) return { path: place, text };
    }
    return null;
  };
}
