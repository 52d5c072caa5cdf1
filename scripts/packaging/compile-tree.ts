// Compiles what an entry reaches to JavaScript, one file for each source in the same place: paths that the product
// reckons from its own modules (resources, migrations, worker files) hold as they are.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { builtinModules, stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

export interface CompiledTree {
  /** compiled sources, relative to the root */
  readonly sources: readonly string[];
  /** names of the packages that the sources import */
  readonly packages: ReadonlySet<string>;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Literals that name a module: of import and export declarations, `import()` and `new URL(…, import.meta.url)`. Types
 * are erased later.
 */
function moduleLiterals(source: ts.SourceFile): ts.StringLiteralLike[] {
  const found: ts.StringLiteralLike[] = [];
  const take = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push(node);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      if (node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword) take(node.moduleSpecifier);
    } else if (ts.isExportDeclaration(node)) {
      if (!node.isTypeOnly) take(node.moduleSpecifier);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      take(node.arguments[0]);
    else if (
      ts.isNewExpression(node) &&
      node.expression.getText(source) === 'URL' &&
      node.arguments?.[1]?.getText(source) === 'import.meta.url'
    )
      take(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * The source file below the root that a specifier names, or null for a package, a builtin or a file of another kind.
 */
function projectFile(specifier: string, from: string): string | null {
  if (specifier.startsWith('.'))
    return /\.(ts|json)$/.test(specifier) ? path.posix.join(path.posix.dirname(from), specifier) : null;
  const workspace = /^@genrtl\/([a-z]+)(?:\/(.+))?$/.exec(specifier);
  return workspace === null ? null : `${workspace[1] ?? ''}/${workspace[2] ?? 'index.ts'}`;
}

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier);

/** Names of the packages that one module imports. */
export function importedPackages(text: string): Set<string> {
  const specifiers = moduleLiterals(ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest)).map(
    (literal) => literal.text,
  );
  return new Set(
    specifiers.filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier)).map(packageName),
  );
}

/**
 * `root` is the checkout, `entries` are sources relative to it, `out` the folder that gets the same tree with `.js`
 * endings.
 */
export async function compileTree(root: string, entries: readonly string[], out: string): Promise<CompiledTree> {
  const seen = new Set(entries);
  const queue = [...entries];
  const packages = new Set<string>();
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const text = await readFile(path.join(root, file), 'utf8');
    const target = path.join(out, file.replace(/\.ts$/, '.js'));
    await mkdir(path.dirname(target), { recursive: true });
    if (file.endsWith('.json')) {
      await writeFile(target, text);
      continue;
    }
    const edits: Edit[] = [];
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    for (const literal of moduleLiterals(source)) {
      const named = projectFile(literal.text, file);
      if (named === null) {
        if (!literal.text.startsWith('.') && !isBuiltin(literal.text)) packages.add(packageName(literal.text));
        continue;
      }
      if (!seen.has(named)) {
        seen.add(named);
        queue.push(named);
      }
      const relative = path.posix.relative(path.posix.dirname(file), named.replace(/\.ts$/, '.js'));
      edits.push({
        start: literal.getStart(source),
        end: literal.end,
        text: `'${relative.startsWith('.') ? relative : `./${relative}`}'`,
      });
    }
    // types are replaced by blanks, so lines and columns in a stack trace are those of the source
    await writeFile(target, stripTypeScriptTypes(applyEdits(text, edits)));
  }
  return { sources: [...seen].sort(), packages };
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, text: piece }) => result.slice(0, start) + piece + result.slice(end), text);
}
