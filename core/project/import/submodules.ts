// Git submodules that nobody checked out: their folders hold nothing, and a manifest that names their files finds none.
import type { Diagnostic } from '@genrtl/contracts';

export const GITMODULES = '.gitmodules';
const SHOWN = 5;

/** Folders of `.gitmodules` without a file below them. */
export function absentSubmodules(gitmodules: string, files: readonly string[]): string[] {
  const folders = [...gitmodules.matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)].map(([, path = '']) =>
    path.replace(/^"(.*)"$/, '$1').replace(/\/+$/, ''),
  );
  return [...new Set(folders)].filter((folder) => !files.some((file) => file.startsWith(`${folder}/`)));
}

export function submoduleNotes(absent: readonly string[]): Diagnostic[] {
  if (absent.length === 0) return [];
  const shown = absent.slice(0, SHOWN).join(', ');
  const more = absent.length > SHOWN ? ` and ${absent.length - SHOWN} more` : '';
  return [
    {
      tool: 'genrtl',
      severity: 'warning',
      code: 'IMPORT',
      message: `${absent.length === 1 ? 'A git submodule is' : `${absent.length} git submodules are`} not checked out (${shown}${more}): \`git submodule update --init --recursive\`, then import again if their files are needed.`,
      file: GITMODULES,
    },
  ];
}
