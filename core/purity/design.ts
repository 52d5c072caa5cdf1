// What job-written design code may not say: it prints nothing, ends nothing, reaches into nothing, and is the same
// design for every tool. `$error` and `$fatal` stay, since they can only fail.
import { closing, splitAtCommas } from '../hdl/brackets.ts';
import type { Preprocessed, SeenToken } from '../hdl/preprocess.ts';
import type { Finding, IsAdded } from './index.ts';
import { isLocalPath } from './paths.ts';
import { isPlainDirective, isTellingAttribute, isToolMacro, pragmaOf } from './tools.ts';
import { pathAt, type Unit, type Units } from './units.ts';

/** Functions of the elaborated design itself. */
const FREE: ReadonlySet<string> = new Set(
  '$clog2 $signed $unsigned $bits $left $right $low $high $increment $size $dimensions $unpacked_dimensions'.split(' '),
);
const MEMORIES: ReadonlySet<string> = new Set(['$readmemh', '$readmemb']);
const FAILING: ReadonlySet<string> = new Set(['$error', '$fatal']);
const WORDS: Readonly<Record<string, string>> = {
  final: 'a design has no final block',
  force: 'a design forces nothing',
  release: 'a design releases nothing',
  bind: 'a design binds nothing into other modules',
  deassign: 'a design deassigns nothing',
};

export interface DesignRules {
  readonly added: IsAdded;
  /** macros that only testbenches define */
  readonly benchMacros: ReadonlySet<string>;
}

export function designFindings(seen: Preprocessed, units: Units, rules: DesignRules): Finding[] {
  const findings: Finding[] = [];
  const report = (token: { file: string; line: number }, message: string): void => {
    findings.push({ file: token.file, line: token.line, message });
  };
  directives(seen, rules, report);
  const includesAll = seen.includes.every(({ path }) => path !== null);
  for (const token of seen.tokens)
    if (token.kind === 'macro' && rules.added(token) && (includesAll || isToolMacro(token.text.slice(1))))
      report(token, `the macro ${token.text} is defined in no source: what a tool defines is no part of a design`);
  const scopes = units.list.filter((unit) => !unit.inBench);
  for (const unit of scopes) {
    for (const [at, token] of unit.tokens.entries()) {
      if (token.kind === 'system') systemName(unit, at, token, rules, report);
      else if (token.kind === 'word') keyword(unit.tokens, at, token, rules, report);
      hierarchical(unit, units, at, rules, report);
    }
  }
  outsideModules(seen, scopes, rules, report);
  return findings;
}

type Report = (token: { file: string; line: number }, message: string) => void;

function directives(seen: Preprocessed, { added, benchMacros }: DesignRules, report: Report): void {
  for (const conditional of seen.conditionals.filter(added)) {
    const { macro } = conditional;
    if (isToolMacro(macro))
      report(conditional, `${conditional.directive} ${macro}: a design is the same for every tool`);
    else if (benchMacros.has(macro))
      report(
        conditional,
        `${conditional.directive} ${macro}: only a testbench defines ${macro}, so that the design is another one under it`,
      );
  }
  for (const directive of seen.directives.filter(added))
    if (!isPlainDirective(directive.text))
      report(directive, `the directive ${directive.text.split(/\s/, 1)[0]} speaks to a tool`);
  for (const comment of seen.comments.filter(added)) {
    const pragma = pragmaOf(comment.text);
    if (pragma !== null) report(comment, `the comment "${pragma}" is a command to a tool`);
  }
  for (const attribute of seen.attributes.filter(added))
    if (isTellingAttribute(attribute.text))
      report(attribute, `the attribute ${attribute.text.slice(0, 80)} changes what a tool takes the code for`);
  for (const include of seen.includes)
    if (added(include) && !isLocalPath(include.name))
      report(include, `the include ${include.name} lies outside the workspace`);
}

function systemName(unit: Unit, at: number, token: SeenToken, { added }: DesignRules, report: Report): void {
  const args = argumentsOf(unit.tokens, at);
  if (!added(token) && !args.flat().some(added)) return;
  if (FREE.has(token.text)) return;
  if (MEMORIES.has(token.text)) {
    const fault = memoryFault(unit, args[0] ?? []);
    if (fault !== null) report(token, `${token.text} ${fault}`);
  } else if (FAILING.has(token.text)) {
    const said = token.text === '$fatal' && args[0]?.[0]?.kind === 'number' ? args[1] : args[0];
    if (said !== undefined && (said.length !== 1 || said[0]?.kind !== 'string'))
      report(token, `${token.text} takes a literal text in a design`);
  } else if (added(token)) report(token, `a design does not call ${token.text}`);
}

function argumentsOf(tokens: readonly SeenToken[], at: number): SeenToken[][] {
  if (tokens[at + 1]?.text !== '(') return [];
  return splitAtCommas(tokens.slice(at + 2, closing(tokens, at + 1)));
}

/** A path is a literal, or a parameter whose default is one. */
function memoryFault(unit: Unit, path: readonly SeenToken[]): string | null {
  const [only, more] = path;
  if (only === undefined || more !== undefined) return 'takes a literal path or a parameter';
  const literal = only.kind === 'string' ? only.text : unit.scope.strings.get(only.text);
  if (literal === undefined)
    return unit.scope.data.has(only.text)
      ? 'takes a path that is a literal in the end'
      : 'takes a literal path or a parameter';
  const text = literal.slice(1, -1);
  return text === '' || isLocalPath(text) ? null : `reads ${text}, which lies outside the workspace`;
}

function keyword(
  tokens: readonly SeenToken[],
  at: number,
  token: SeenToken,
  { added }: DesignRules,
  report: Report,
): void {
  if (!added(token)) return;
  const message = WORDS[token.text];
  if (message !== undefined && Object.hasOwn(WORDS, token.text)) report(token, message);
  if ((token.text === 'import' || token.text === 'export') && tokens[at + 1]?.kind === 'string')
    report(token, 'a design calls nothing outside itself (DPI)');
}

/** Names that lead into instances or out of the module; members of structures and interfaces are none. */
function hierarchical(unit: Unit, units: Units, at: number, { added }: DesignRules, report: Report): void {
  const path = pathAt(unit.tokens, at);
  if (path === null || !path.parts.some(added)) return;
  const [head, ...rest] = path.parts;
  if (head === undefined || rest.length === 0) return;
  const named = path.parts.map(({ text }) => text).join('.');
  const { scope } = unit;
  const instance = scope.instances.get(head.text);
  if (instance !== undefined) {
    if (units.byName.get(instance)?.kind !== 'interface')
      report(head, `the hierarchical name ${named} reaches into an instance`);
    return;
  }
  if (scope.labels.has(head.text)) {
    if (rest.some((part) => scope.instances.has(part.text)))
      report(head, `the hierarchical name ${named} reaches into an instance`);
    return;
  }
  if (scope.data.has(head.text) || unit.interfacePorts.has(head.text) || unit.ports.has(head.text)) return;
  if (units.outside.data.has(head.text)) return;
  report(head, `the hierarchical name ${named} leads out of the module`);
}

/** Code beside the modules: packages, functions of the file, `bind`. */
function outsideModules(seen: Preprocessed, scopes: readonly Unit[], rules: DesignRules, report: Report): void {
  const inside = new Set(scopes.flatMap((unit) => unit.tokens));
  const outside = seen.tokens.filter((token) => !inside.has(token) && token.kind !== 'directive');
  for (const [at, token] of outside.entries()) {
    if (!rules.added(token)) continue;
    if (token.kind === 'word') keyword(outside, at, token, rules, report);
    else if (token.kind === 'system' && !FREE.has(token.text)) report(token, `a design does not call ${token.text}`);
  }
}
