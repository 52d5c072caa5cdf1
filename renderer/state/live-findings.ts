// Findings of the page itself on what is being typed, by file: they stand in Problems beside those of the tools.
import { create } from 'zustand';
import type { Diagnostic } from '@genrtl/contracts';

interface LiveFindings {
  readonly byFile: Readonly<Record<string, readonly Diagnostic[]>>;
  /** nothing: the file has none any more */
  put(file: string, findings: readonly Diagnostic[]): void;
  /** of the linter, on the texts as they are typed */
  readonly lint: readonly Diagnostic[];
}

export const useLiveFindings = create<LiveFindings>()((set) => ({
  byFile: {},
  lint: [],
  put: (file, findings) =>
    set(({ byFile }) => {
      if (findings.length === 0 && byFile[file] === undefined) return {};
      const { [file]: _, ...others } = byFile;
      return { byFile: findings.length === 0 ? others : { ...others, [file]: findings } };
    }),
}));
