// The one inner module of Monaco that is used (`showLargeFile` leans on one method besides): the builder of text
// buffers, which takes a large text in pieces. Its result is a buffer factory; `createModel` accepts it wherever its
// published type says string (standaloneEditor.js hands it on unlooked-at when a language is named). Checked with
// monaco-editor 0.57 by the large-file test of the browser suite.
declare module 'monaco-editor/editor/common/model/pieceTreeTextBuffer/pieceTreeTextBufferBuilder.js' {
  export class PieceTreeTextBufferBuilder {
    acceptChunk(chunk: string): void;
    finish(normalizeEOL: boolean): string;
  }
}
