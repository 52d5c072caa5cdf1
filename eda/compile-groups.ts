// Sources of one or both languages, in compile order, as the runs of one compiler each.
import { sourceLanguage } from '@genrtl/core/filelist/source-facts.ts';
import type { SourceLanguage } from '@genrtl/core/filelist/source-facts.ts';
import type { BuildContext } from './adapter.ts';

export interface CompileGroup {
  readonly language: SourceLanguage;
  /** VHDL library; `work` for everything else */
  readonly library: string;
  readonly sources: readonly string[];
}

/** Consecutive sources of one language and library; a macro of Verilog reaches to the end of its group. */
export function compileGroups({
  sources,
  libraries,
}: Pick<BuildContext<unknown>, 'sources' | 'libraries'>): CompileGroup[] {
  const groups: (CompileGroup & { readonly sources: string[] })[] = [];
  for (const source of sources) {
    const language = languageOf(source);
    const library = libraries[source] ?? 'work';
    const last = groups.at(-1);
    if (last?.language === language && last.library === library) last.sources.push(source);
    else groups.push({ language, library, sources: [source] });
  }
  return groups;
}

/** What is no VHDL by its name is handed to tools as Verilog. */
export const languageOf = (source: string): SourceLanguage => sourceLanguage(source) ?? 'verilog';
