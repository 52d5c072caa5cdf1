// Source files inside a prompt.
import { fence } from './fence.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Each file in its own fence, labelled with its path. */
export function fileFences(files: readonly SourceFile[]): string {
  return files.map((file) => fence(`file ${file.path}`, file.text)).join('\n');
}
