// What job-written design code may not say: it prints nothing, ends nothing, reaches into nothing, and is the same
// design for every tool. `$error` and `$fatal` stay, since they can only fail.
import { closing, nextAtDepth, splitAtCommas } from '../hdl/brackets.ts';
import type { Preprocessed, SeenToken } from '../hdl/preprocess.ts';
import type { Finding, IsAdded } from './index.ts';
import { drivenInputs } from './connections.ts';
import { isLocalPath, plainPath } from './paths.ts';
import { foreignCalls, hierarchical, hierarchicalOutside, namesOfBenches } from './reach.ts';
import { sharedStorage } from './shared.ts';
import { isPlainDirective, isTellingAttribute, isToolMacro, pragmaOf } from './tools.ts';
import type { Unit, Units } from './units.ts';

/** Functions of the elaborated design itself, and of nothing but their arguments, now or at clocks before. */
const FREE: ReadonlySet<string> = new Set(
  `$clog2 $signed $unsigned $bits $left $right $low $high $increment $size $dimensions $unpacked_dimensions
    $countbits $countones $onehot $onehot0 $rtoi $itor $bitstoreal $realtobits $bitstoshortreal $shortrealtobits
    $ln $log10 $exp $sqrt $pow $floor $ceil $sin $cos $tan $asin $acos $atan $atan2 $hypot $sinh $cosh $tanh $asinh $acosh
    $atanh $sampled $past $rose $fell $stable $changed`.split(/\s+/),
);
const MEMORIES: ReadonlySet<string> = new Set(['$readmemh', '$readmemb']);
const FAILING: ReadonlySet<string> = new Set(['$error', '$fatal']);
const WORDS: Readonly<Record<string, string>> = {
  final: 'a design has no final block',
  force: 'a design forces nothing',
  release: 'a design releases nothing',
  bind: 'a design binds nothing into other modules',
  deassign: 'a design deassigns nothing',
  config: 'a design does not choose which modules others are made of',
  endconfig: 'a design does not choose which modules others are made of',
  randcase: 'a design draws no numbers',
  randsequence: 'a design draws no numbers',
};

export interface DesignRules {
  readonly added: IsAdded;
  /** macros that only testbenches define */
  readonly benchMacros: ReadonlySet<string>;
  /** folders in which testbenches lie and no source of the design does */
  readonly benchFolders: ReadonlySet<string>;
  /** paths that testbenches write to */
  readonly benchFiles: ReadonlySet<string>;
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
  const complete = includesAll && seen.tokens.every(({ kind }) => kind !== 'macro');
  const reach = { added: rules.added, ofBenches: namesOfBenches(units), complete };
  for (const unit of units.list.filter((one) => !one.inBench)) {
    for (const [at, token] of unit.tokens.entries()) {
      if (token.kind === 'system') systemName(unit, at, token, rules, report);
      else if (token.kind === 'word') keyword(unit.tokens, at, token, rules, report);
      else if (token.kind === 'string') openedByParameter(unit.tokens, at, token, rules, report);
      hierarchical(unit, units, at, reach, report);
    }
    foreignCalls(unit, units, reach, report);
    drivenInputs(unit, units, rules.added, report);
    waits(unit, rules, report);
    // a testbench that includes the source with another macro would be compared with the design itself
    const named = unit.tokens.find(({ text }) => text === unit.name);
    if (named !== undefined && named.via.length > 0 && rules.added(named))
      report(named, `the name of the module ${unit.name} is made by a macro: a design has one name`);
  }
  outsideModules(units, rules, report);
  sharedStorage(units, rules.added, report);
  hierarchicalOutside(units.design, reach, report);
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
  // a macro of the project that says where it is used is nothing of the job's
  const own = ({ text, via, ...place }: SeenToken): boolean =>
    via.length > 0 && /^`__(?:FILE|LINE)__/.test(text) ? via.some((one) => added(one)) : added({ ...place, via });
  for (const directive of seen.directives.filter(own))
    if (!isPlainDirective(directive.text) && !/^`(?:begin|end)_keywords\b/.test(directive.text))
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

function systemName(unit: Unit, at: number, token: SeenToken, rules: DesignRules, report: Report): void {
  const { added } = rules;
  const args = argumentsOf(unit.tokens, at);
  if (!added(token) && !args.flat().some(added)) return;
  if (FREE.has(token.text)) return;
  if (MEMORIES.has(token.text)) {
    const fault = memoryFault(unit, args[0] ?? [], rules) ?? laterFault(unit, at);
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
function memoryFault(unit: Unit, path: readonly SeenToken[], { benchFolders, benchFiles }: DesignRules): string | null {
  const [only, more] = path;
  if (only === undefined || more !== undefined) return 'takes a literal path or a parameter';
  const literal = only.kind === 'string' ? only.text : unit.scope.strings.get(only.text);
  if (literal === undefined)
    return unit.scope.data.has(only.text)
      ? 'takes a path that is a literal in the end'
      : 'takes a literal path or a parameter';
  const text = literal.slice(1, -1);
  if (text !== '' && !isLocalPath(text)) return `reads ${text}, which lies outside the workspace`;
  if (benchFiles.has(plainPath(text))) return `reads ${text}, which a testbench writes`;
  const folder = plainPath(text).replace(/\/?[^/]*$/, '');
  const beside = [...benchFolders].some((one) => folder === one || folder.startsWith(`${one}/`));
  return beside ? `reads ${text}, which lies with the testbenches: a design does not know what it is asked` : null;
}

/** A memory is filled before the first clock: read later, the file could say what was asked meanwhile. */
function laterFault({ tokens }: Unit, at: number): string | null {
  for (const [index, { kind, text }] of tokens.entries()) {
    if (index > at) break;
    if (kind === 'word' && text === 'initial' && endOfStatement(tokens, index + 1) > at) return null;
  }
  return 'stands outside of initial blocks: a memory is filled before the first clock';
}

/**
 * A path that goes to a memory below, `.INIT("/etc/passwd")`; what it is for, the name of a parameter does not tell.
 */
function openedByParameter(
  tokens: readonly SeenToken[],
  at: number,
  token: SeenToken,
  { added }: DesignRules,
  report: Report,
): void {
  const passed = tokens[at - 1]?.text === '(' && (tokens[at - 3]?.text === '.' || tokens[at - 2]?.text === '#');
  if (passed && added(token) && /^"(?:[/~]|(?:[^"]*\/)?\.\.\/)/.test(token.text))
    report(token, `the path ${token.text} lies outside the workspace`);
}

/**
 * Behind a delay a design is another one: it knows the time. Clocks that run for ever are none, `#5 c = ~c` in a loop or
 * an `always`; flops, gates and nets may be late, but not with a constant.
 */
function waits({ tokens }: Unit, { added }: DesignRules, report: Report): void {
  const late = (where: string): string =>
    `a design does not wait ${where}: it would be another one after it, since it knows the time`;
  const delays = (from: number, to: number, where: string): void => {
    for (let at = from; at < to; at++) {
      const token = tokens[at];
      if (token?.text !== '#' || !added(token) || isToggled(tokens, at)) continue;
      // the flop of a task may be late, and `c#(4)::f` is no delay
      if (where === 'in a task' && /^<?=$/.test(tokens[at - 1]?.text ?? '')) continue;
      if (tokens[at + 1]?.text !== '(' || tokens[closing(tokens, at + 1) + 1]?.text !== '::')
        report(token, late(where));
    }
  };
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word') continue;
    if (token.text === 'initial') delays(at + 1, endOfStatement(tokens, at + 1), 'in an initial block');
    else if (token.text === 'always' && tokens[at + 1]?.text !== '@') {
      // `always begin @(posedge clk) … end` waits for a clock, and may be late
      const end = endOfStatement(tokens, at + 1);
      if (!tokens.slice(at, end).some(({ text }) => text === '@')) delays(at + 1, end, 'in an always block');
    } else if (token.text === 'task') {
      const end = tokens.findIndex(({ text }, index) => index > at && text === 'endtask');
      delays(at + 1, end === -1 ? tokens.length : end, 'in a task');
    } else if (token.text === 'assign' && tokens[at + 1]?.text === '#') {
      const equals = nextAtDepth(tokens, at, '=');
      const value = tokens.slice(equals + 1, nextAtDepth(tokens, equals, ';'));
      if (added(token) && !value.some(({ kind }) => kind === 'word' || kind === 'escaped'))
        report(token, late('with a constant'));
    }
  }
}

/** The delay at `at` is that of a clock: `#5 c = ~c`, or `c = #5 ~c`. */
function isToggled(tokens: readonly SeenToken[], at: number): boolean {
  const [open] = [tokens[at + 1]];
  const next = open?.text === '(' ? closing(tokens, at + 1) + 1 : at + 2;
  const inside = /^<?=$/.test(tokens[at - 1]?.text ?? '');
  const name = inside ? tokens[at - 2] : tokens[next];
  const rest = tokens.slice(inside ? next : next + 1, next + 6).map(({ text }) => text);
  if (!inside && rest[0] !== '=' && rest[0] !== '<=') return false;
  const [not, of, end] = inside ? rest : rest.slice(1);
  return (not === '~' || not === '!') && of === name?.text && end === ';';
}

/** Index behind a statement: `begin … end` with all that is inside, or up to `;`. */
function endOfStatement(tokens: readonly SeenToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? {};
    if (kind === 'word' && /^(?:begin|fork|case[xz]?)$/.test(text ?? '')) depth += 1;
    else if (kind === 'word' && /^(?:end|join|join_any|join_none|endcase)$/.test(text ?? '')) {
      depth -= 1;
      if (depth <= 0) return at + 1;
    } else if (depth === 0 && text === ';') return at + 1;
  }
  return tokens.length;
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
  if (draws(tokens, at)) report(token, 'a design draws no numbers');
  if ((token.text === 'import' || token.text === 'export') && tokens[at + 1]?.kind === 'string')
    report(token, 'a design calls nothing outside itself (DPI)');
}

/** `rand int x`, `x.randomize()`, `std::randomize(x)`; a port of such a name is none. */
function draws(tokens: readonly SeenToken[], at: number): boolean {
  const [before, token, behind] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (token?.text === 'rand' || token?.text === 'randc') return behind?.kind === 'word';
  if (token?.text !== 'randomize' || (behind?.text !== '(' && behind?.text !== ';')) return false;
  return before?.text !== '.' || tokens[at - 2]?.kind === 'word' || tokens[at - 2]?.text === ']';
}

/** Code beside the modules: packages, functions of the file, `bind`. */
function outsideModules({ design }: Units, rules: DesignRules, report: Report): void {
  const outside = design.tokens;
  for (const [at, token] of outside.entries()) {
    if (!rules.added(token)) continue;
    if (token.kind === 'word') keyword(outside, at, token, rules, report);
    else if (token.kind === 'system' && !FREE.has(token.text)) report(token, `a design does not call ${token.text}`);
  }
}
