// Worker thread of the language service: parsing never stops the main loop.
import { serveCalls } from '../workers/serve-calls.ts';
import { LanguageService } from './language-service.ts';
import type { Position } from './language-service.ts';

const service = new LanguageService();

/** Each of the service's calls: one that is left out here does not compile. */
const calls: { readonly [Name in keyof LanguageService]: LanguageService[Name] } = {
  changed: (workspace: string) => service.changed(workspace),
  update: (workspace: string, path: string, text: string | null) => service.update(workspace, path, text),
  outline: (workspace: string, path: string) => service.outline(workspace, path),
  definition: (workspace: string, at: Position) => service.definition(workspace, at),
  references: (workspace: string, at: Position) => service.references(workspace, at),
  hover: (workspace: string, at: Position) => service.hover(workspace, at),
  completion: (workspace: string, at: Position) => service.completion(workspace, at),
  signature: (workspace: string, at: Position) => service.signature(workspace, at),
  instance: (workspace: string, at: Position) => service.instance(workspace, at),
  judgeInsertion: (workspace: string, at: Position, inserted: string) =>
    service.judgeInsertion(workspace, at, inserted),
  context: (workspace: string, at: Position) => service.context(workspace, at),
  symbols: (workspace: string, query: string) => service.symbols(workspace, query),
  hierarchy: (workspace: string, unit: string | null, blocks: readonly string[], above: readonly string[]) =>
    service.hierarchy(workspace, unit, blocks, above),
  renameAt: (workspace: string, at: Position) => service.renameAt(workspace, at),
  rename: (workspace: string, at: Position, name: string) => service.rename(workspace, at, name),
  named: (workspace: string, at: Position) => service.named(workspace, at),
  locate: (workspace: string, names: readonly (readonly string[])[]) => service.locate(workspace, names),
  stateNames: (...asked) => service.stateNames(...asked),
  hierarchyPath: (workspace: string, unit: string) => service.hierarchyPath(workspace, unit),
  indent: (path: string, text: string, unit: string) => service.indent(path, text, unit),
};
serveCalls(calls);
