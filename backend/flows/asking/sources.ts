// Source files inside a prompt.

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}
