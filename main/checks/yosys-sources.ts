// What Yosys is given of a project: the sources that one module needs, in words that it reads.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceLanguage } from '@genrtl/core/filelist/source-facts.ts';
import { packageNames, withoutImports } from '@genrtl/core/hdl/package-imports.ts';
import { instancesBelow } from '@genrtl/core/project/design-units.ts';
import type { DesignUnit } from '@genrtl/core/project/design-units.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

/** Larger sources go to the tool as they are. */
const MAX_REWRITTEN_BYTES = 4 * 1024 * 1024;

/**
 * The sources that a module needs: its own, those of what stands below it, and those that declare no unit (packages,
 * macros), so that a fault elsewhere is no fault here. Files with package imports, which Yosys does not read, are
 * copies that name the packages; `back` takes their paths out of a text again.
 */
export async function sourcesForYosys(
  workspace: string,
  runDir: string,
  { sources, includeDirs }: { readonly sources: readonly string[]; readonly includeDirs: readonly string[] },
  units: readonly DesignUnit[],
  module: string,
): Promise<{ sources: string[]; includeDirs: string[]; back: (text: string) => string }> {
  const below = new Set([module, ...instancesBelow(units, module)]);
  const declaring = Map.groupBy(units, ({ file }) => file);
  // a module that no reading finds may be made by a macro, or stand in a file that is broken: the tool has the word
  const known = units.some(({ name }) => name === module);
  const needed = sources.filter(
    (file) => (!known || declaring.get(file)?.some(({ name }) => below.has(name))) ?? sourceLanguage(file) !== 'vhdl',
  );
  const texts = await Promise.all(
    needed.map(async (file) => {
      const text = await readRegular(path.resolve(workspace, file), 'utf8').catch(() => '');
      return { file, text: text.length > MAX_REWRITTEN_BYTES ? '' : text };
    }),
  );
  const packages = new Map(texts.flatMap(({ text }) => (/\bpackage\b/.test(text) ? [...packageNames(text)] : [])));
  const copies = `${path.relative(workspace, runDir).replaceAll(path.sep, '/')}/sources/`;
  const folders = new Set<string>();
  const chosen: string[] = [];
  for (const { file, text } of texts) {
    const written = /\bimport\b/.test(text) && !path.isAbsolute(file) ? withoutImports(text, packages) : null;
    if (written === null) {
      chosen.push(file);
      continue;
    }
    const copy = `${copies}${file.replaceAll('../', '__/')}`;
    await mkdir(path.dirname(path.join(workspace, copy)), { recursive: true });
    await writeFile(path.join(workspace, copy), written);
    folders.add(path.posix.dirname(file));
    chosen.push(copy);
  }
  return {
    sources: chosen,
    includeDirs: [...new Set([...includeDirs, ...folders])],
    back: (text) => text.replaceAll(copies, ''),
  };
}
