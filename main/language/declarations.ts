// What a file declares, from its syntax tree: modules with ports and parameters, signals, types, functions, instances,
// macros, and what folds.
import type { OutlineSymbol, SymbolKind } from '@genrtl/contracts';
import { childOfType, isIdentifier, walk } from './syntax.ts';
import type { Node, Tree } from './syntax.ts';

export interface Declaration extends OutlineSymbol {
  /** module of an instance */
  readonly of?: string;
  /** offsets of the whole declaration, for the lookup of scopes */
  readonly start: number;
  readonly end: number;
}

export interface FileDeclarations {
  readonly declarations: readonly Declaration[];
  /** packages imported as `pkg::*` or `pkg::name` (name null: all), with the symbol that the import stands in */
  readonly imports: readonly { readonly from: string; readonly name: string | null; readonly scope: number | null }[];
  /** lines from and to */
  readonly folds: readonly [number, number][];
}

/** Kinds whose declarations are not seen from outside. */
export const SCOPES: ReadonlySet<SymbolKind> = new Set([
  'module',
  'interface',
  'program',
  'package',
  'class',
  'function',
  'task',
  'block',
]);

const HEADERS: Readonly<Record<string, SymbolKind>> = {
  module_declaration: 'module',
  interface_declaration: 'interface',
  program_declaration: 'program',
  package_declaration: 'package',
  class_declaration: 'class',
};
const FOLDED = new Set([
  ...Object.keys(HEADERS),
  'function_declaration',
  'task_declaration',
  'seq_block',
  'par_block',
  'case_statement',
  'generate_region',
  'generate_block',
  'list_of_port_declarations',
  'parameter_port_list',
  'list_of_port_connections',
  'comment',
  'property_declaration',
  'sequence_declaration',
  'covergroup_declaration',
]);
const MAX_DETAIL = 240;

const oneLine = (text: string): string => {
  const flat = text
    .replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return flat.length > MAX_DETAIL ? `${flat.slice(0, MAX_DETAIL)}…` : flat;
};

const lastIdentifier = (node: Node): Node | null =>
  node.namedChildren.findLast((child) => child !== null && isIdentifier(child)) ?? null;
const firstIdentifier = (node: Node): Node | null =>
  node.namedChildren.find((child) => child !== null && isIdentifier(child)) ?? null;

export function readDeclarations(tree: Tree): FileDeclarations {
  const declarations: Declaration[] = [];
  const imports: { from: string; name: string | null; scope: number | null }[] = [];
  const folds: [number, number][] = [];
  // The innermost declaration whose text holds the node; declarations come parents first.
  const open: number[] = [];
  let direction = '';

  const scopeAt = (node: Node): number | null => {
    while (open.length > 0 && (declarations[open.at(-1) ?? 0]?.end ?? 0) <= node.startIndex) open.pop();
    return open.at(-1) ?? null;
  };
  const add = (kind: SymbolKind, name: Node | null, whole: Node, detail: string, of?: string): void => {
    if (name === null) return;
    const around = scopeAt(whole);
    // names of an enumeration are seen where its type is
    const parent =
      kind === 'enumerator' && around !== null && declarations[around]?.kind === 'type'
        ? declarations[around].parent
        : around;
    declarations.push({
      name: name.text,
      kind,
      detail: oneLine(detail),
      line: name.startPosition.row + 1,
      column: name.startPosition.column + 1,
      end_column: name.endPosition.column + 1,
      first_line: whole.startPosition.row + 1,
      last_line: whole.endPosition.row + 1,
      parent,
      start: whole.startIndex,
      end: whole.endIndex,
      ...(of === undefined ? {} : { of }),
    });
    if (SCOPES.has(kind) || kind === 'type') open.push(declarations.length - 1);
  };
  /** Declarators of a list, each with the type in front of the list. */
  const addList = (kind: SymbolKind, declaration: Node, list: Node | null, element: string | null): void => {
    if (list === null) return;
    const lead = declaration.text.slice(0, list.startIndex - declaration.startIndex);
    for (const item of list.namedChildren) {
      if (item === null) continue;
      if (element === null ? isIdentifier(item) : item.type === element)
        add(kind, element === null ? item : firstIdentifier(item), item, `${lead} ${item.text}`);
    }
  };

  walk(tree.rootNode, (node) => {
    if (FOLDED.has(node.type) && node.endPosition.row > node.startPosition.row)
      folds.push([node.startPosition.row + 1, node.endPosition.row + 1]);
    const header = HEADERS[node.type];
    if (header !== undefined) {
      direction = 'input';
      const head = node.namedChildren.find((child) => child?.type.endsWith('_header') === true) ?? node;
      add(
        header,
        firstIdentifier(head),
        node,
        head === node ? `${header} ${firstIdentifier(node)?.text ?? ''}` : head.text,
      );
      return undefined;
    }
    switch (node.type) {
      case 'ansi_port_declaration': {
        const own = /^\s*(input|output|inout|ref)\b/.exec(node.text)?.[1];
        if (own !== undefined) direction = own;
        add(
          'port',
          lastIdentifier(node),
          node,
          own === undefined && !node.text.includes('.') ? `${direction} ${node.text}` : node.text,
        );
        break;
      }
      case 'input_declaration':
      case 'output_declaration':
      case 'inout_declaration':
        addList(
          'port',
          node,
          childOfType(
            node,
            'list_of_port_identifiers',
            'list_of_variable_identifiers',
            'list_of_variable_port_identifiers',
          ),
          null,
        );
        break;
      case 'parameter_declaration':
      case 'local_parameter_declaration':
        addList(
          node.type === 'parameter_declaration' ? 'parameter' : 'localparam',
          node,
          childOfType(node, 'list_of_param_assignments'),
          'param_assignment',
        );
        addList('parameter', node, childOfType(node, 'list_of_type_assignments'), 'type_assignment');
        break;
      case 'data_declaration':
        addList('variable', node, childOfType(node, 'list_of_variable_decl_assignments'), 'variable_decl_assignment');
        break;
      case 'struct_union_member':
        addList('field', node, childOfType(node, 'list_of_variable_decl_assignments'), 'variable_decl_assignment');
        break;
      case 'net_declaration':
        addList('net', node, childOfType(node, 'list_of_net_decl_assignments'), 'net_decl_assignment');
        break;
      case 'genvar_declaration':
        addList('genvar', node, childOfType(node, 'list_of_genvar_identifiers'), null);
        break;
      case 'type_declaration':
        add('type', lastIdentifier(node), node, node.text);
        break;
      case 'enum_name_declaration':
        add('enumerator', firstIdentifier(node), node, node.text);
        break;
      case 'function_body_declaration':
      case 'task_body_declaration': {
        const end = childOfType(node, 'function_statement_or_null', 'statement_or_null', 'block_item_declaration');
        const kind = node.type === 'task_body_declaration' ? 'task' : 'function';
        add(
          kind,
          firstIdentifier(node),
          node,
          `${kind} ${node.text.slice(0, end === null ? undefined : end.startIndex - node.startIndex)}`,
        );
        break;
      }
      case 'tf_port_item':
        add('argument', lastIdentifier(node), node, node.text);
        break;
      case 'module_instantiation':
      case 'interface_instantiation':
      case 'program_instantiation':
      case 'checker_instantiation': {
        const type = firstIdentifier(node)?.text ?? '';
        for (const instance of node.namedChildren) {
          if (instance?.type !== 'hierarchical_instance') continue;
          const name = childOfType(instance, 'name_of_instance');
          add('instance', name === null ? null : firstIdentifier(name), instance, `${type} ${name?.text ?? ''}`, type);
        }
        break;
      }
      case 'generate_block':
      case 'seq_block':
        add('block', firstIdentifier(node), node, node.type === 'seq_block' ? 'begin … end' : 'generate block');
        break;
      case 'modport_item':
        add('modport', firstIdentifier(node), node, node.text);
        break;
      case 'text_macro_definition': {
        const name = childOfType(node, 'text_macro_name');
        add('macro', name === null ? null : firstIdentifier(name), node, node.text);
        return false;
      }
      case 'package_import_item':
        imports.push({
          from: firstIdentifier(node)?.text ?? '',
          name: node.text.endsWith('*') ? null : (lastIdentifier(node)?.text ?? null),
          scope: scopeAt(node),
        });
        break;
      default:
        break;
    }
    return undefined;
  });
  return { declarations, imports, folds };
}
