// Every identifier of a file with what its surroundings say about it: a module's name, a port of an instance, a member
// of a package, a plain name.
import { isIdentifier, walk } from './syntax.ts';
import type { Node, Tree } from './syntax.ts';

export type Role =
  | { readonly kind: 'plain' | 'module' | 'macro' }
  /** `.name(…)` of an instance of `of` */
  | { readonly kind: 'port' | 'parameter'; readonly of: string }
  /** `qualifier::name` or `qualifier.name` */
  | { readonly kind: 'scoped' | 'member'; readonly qualifier: string };

export interface Occurrence {
  readonly name: string;
  readonly role: Role;
  readonly line: number;
  readonly column: number;
  readonly end_column: number;
  readonly offset: number;
}

const INSTANTIATIONS = new Set([
  'module_instantiation',
  'interface_instantiation',
  'program_instantiation',
  'checker_instantiation',
]);

function instantiatedModule(node: Node): string {
  for (let up = node.parent; up !== null; up = up.parent) {
    if (INSTANTIATIONS.has(up.type))
      return up.namedChildren.find((child) => child !== null && isIdentifier(child))?.text ?? '';
  }
  return '';
}

function roleOf(node: Node, text: string): Role {
  const parent = node.parent;
  if (parent === null) return { kind: 'plain' };
  if (parent.type === 'text_macro_usage' || parent.type === 'text_macro_name') return { kind: 'macro' };
  const first = parent.namedChildren.find((child) => child !== null && isIdentifier(child));
  if (INSTANTIATIONS.has(parent.type) && first?.id === node.id) return { kind: 'module' };
  if (parent.type === 'named_port_connection' && first?.id === node.id)
    return { kind: 'port', of: instantiatedModule(node) };
  if (parent.type === 'named_parameter_assignment' && first?.id === node.id)
    return { kind: 'parameter', of: instantiatedModule(node) };
  const before = /([A-Za-z_][\w$]*)\s*(?:\[[^\]]*\]\s*)?(::|\.)\s*$/.exec(
    text.slice(Math.max(0, node.startIndex - 200), node.startIndex),
  );
  if (before?.[1] !== undefined) return { kind: before[2] === '::' ? 'scoped' : 'member', qualifier: before[1] };
  return { kind: 'plain' };
}

export function readOccurrences(tree: Tree, text: string): Occurrence[] {
  const found: Occurrence[] = [];
  walk(tree.rootNode, (node) => {
    if (node.type === 'comment') return false;
    if (!isIdentifier(node)) return undefined;
    found.push({
      name: node.text,
      role: roleOf(node, text),
      offset: node.startIndex,
      line: node.startPosition.row + 1,
      column: node.startPosition.column + 1,
      end_column: node.endPosition.column + 1,
    });
    return false;
  });
  return found;
}
