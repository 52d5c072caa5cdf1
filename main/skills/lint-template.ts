// What `skill lint` says of a skill's script: it closes, treats parameters as data, writes what the contract declares,
// and does not end the tool.
import type { Diagnostic } from '@genrtl/contracts';
import type { Skill } from './catalogue.ts';
import { readTcl, type TclCommand, type TclWord } from './tcl-script.ts';

/** Commands that run, or substitute in, what their words hold. */
const EVALUATING = new Set(['eval', 'uplevel', 'subst', 'source', 'after', 'apply']);
/** Commands that take an expression; unless it stands in braces, values are substituted twice. */
const EXPRESSIONS = new Set(['expr', 'if', 'while', 'for']);

const nameOf = (command: TclCommand): string => (command.words[0]?.text ?? '').replace(/^::/, '');
const bareName = (text: string): string =>
  text
    .replace(/^["{]|["}]$/g, '')
    .replace(/^::/, '')
    .replace(/\(.*$/s, '');

/** Variables that a word reads. Braces keep a word from being substituted, but not an expression or a body. */
function readsOf(text: string): string[] {
  return [...text.matchAll(/\$(?:\{([^}]*)\}|((?:::)?[A-Za-z0-9_]+(?:::[A-Za-z0-9_]+)*))/g)].map((match) =>
    bareName(match[1] ?? match[2] ?? ''),
  );
}

/** Names of variables that hold what a person gave: ::param, ::design, ::db and what is made of them. */
function givenNames(commands: readonly TclCommand[]): ReadonlySet<string> {
  const given = new Set(['param', 'design', 'db']);
  const procedures = new Map(
    commands
      .filter((command) => nameOf(command) === 'proc' && command.words.length === 4)
      .map(({ words }) => [bareName(words[1]?.text ?? ''), bareList(words[2]).split(/\s+/)]),
  );
  for (let grown = true; grown; ) {
    grown = false;
    for (const { words } of commands) {
      const name = (words[0]?.text ?? '').replace(/^::/, '');
      const pairs: (readonly [string, readonly TclWord[]])[] =
        name === 'foreach' || name === 'lmap'
          ? [[bareList(words[1]), words.slice(2, 3)]]
          : ['set', 'append', 'lappend'].includes(name)
            ? [[bareName(words[1]?.text ?? ''), words.slice(2)]]
            : [];
      const formal = procedures.get(bareName(name)) ?? [];
      formal.forEach((parameter, at) => {
        const values =
          parameter === 'args' || words.some((word) => word.expanded) ? words.slice(1) : words.slice(at + 1, at + 2);
        pairs.push([parameter, values]);
      });
      for (const [targets, sources] of pairs) {
        if (!sources.some((word) => word.kind !== 'braced' && holds(word, given))) continue;
        for (const target of targets.split(/\s+/)) {
          if (target === '' || given.has(target)) continue;
          given.add(target);
          grown = true;
        }
      }
    }
  }
  return given;
}

const bareList = (word: TclWord | undefined): string => (word?.text ?? '').replace(/^[{"]|[}"]$/g, '').trim();
/** Lengths and checks of a value are no longer the value. */
const MEASURES = new Set(['llength', 'info', 'file', 'string', 'expr']);

function holds(word: TclWord, given: ReadonlySet<string>): boolean {
  const [only] = word.nested;
  if (word.nested.length === 1 && only !== undefined && word.text.startsWith('[') && MEASURES.has(nameOf(only)))
    return false;
  return readsOf(word.text).some((name) => given.has(name));
}

/** Names under which the script writes reports; null for one that is only known when it runs. */
function reportsOf(commands: readonly TclCommand[]): { readonly name: string | null; readonly line: number }[] {
  return commands
    .filter((command) => ['skillpilot::report', 'skillpilot::write_report'].includes(nameOf(command)))
    .map(({ words, line }) => {
      const text = words[1]?.text ?? '';
      const name = words[1]?.kind === 'bare' ? text : text.slice(1, -1);
      return { name: /[$[\\]/.test(name) && words[1]?.kind !== 'braced' ? null : name, line };
    });
}

export function lintTemplate({ contract, template }: Pick<Skill, 'contract' | 'template'>): Diagnostic[] {
  const found: Diagnostic[] = [];
  const say = (severity: Diagnostic['severity'], line: number, message: string): void => {
    found.push({ tool: 'genrtl', severity, code: 'SKILL_TEMPLATE', message, file: contract.template, line });
  };
  const { commands, faults } = readTcl(template);
  for (const fault of faults) say('error', fault.line, fault.message);
  const given = givenNames(commands);
  for (const command of commands) {
    const name = nameOf(command);
    const [head, ...rest] = command.words;
    if (name === 'exit') say('error', command.line, '`exit` ends the tool before it can answer');
    if (head !== undefined && holds(head, given))
      say('error', command.line, `${head.text} would run as a command: parameters are data`);
    const run = rest.find((word) => word.kind !== 'braced' && runs(command, word) && holds(word, given));
    if (run !== undefined)
      say('error', command.line, `\`${name}\` would run what ${run.text.slice(0, 80)} holds: parameters are data`);
    const condition = EXPRESSIONS.has(name) ? rest[name === 'for' ? 1 : 0] : undefined;
    const loose = name === 'expr' ? rest : condition === undefined ? [] : [condition];
    if (loose.some((word) => word.kind !== 'braced' && holds(word, given)))
      say('error', command.line, `\`${name}\` substitutes a parameter twice: put the expression into braces`);
    if (command.words.some((word) => /(?:^|[^\w./-])reports\//.test(word.text) && word.kind !== 'braced'))
      say('warning', command.line, 'use [::skillpilot::report NAME] instead of a path below reports/');
  }
  const declared = [...contract.outputs.required, ...contract.outputs.optional].map((output) =>
    output.path.replace(/^reports\//, ''),
  );
  const reports = reportsOf(commands);
  for (const { name, line } of reports)
    if (name !== null && !declared.includes(name))
      say('error', line, `reports/${name} is no output of the contract: nobody would check or keep it`);
  const known = reports.flatMap((report) => report.name ?? []);
  if (reports.every((report) => report.name !== null))
    for (const output of contract.outputs.required) {
      const name = output.path.replace(/^reports\//, '');
      if (!known.includes(name) && !template.includes(name))
        say('error', 1, `${output.path} is required by the contract, and the script never writes it`);
    }
  return found;
}

/** Programs that run what stands in their arguments. */
const INTERPRETERS =
  /^(?:\/\S*\/)?(?:ba|da|k|z|c|tc)?sh$|^(?:\/\S*\/)?(?:env|eval|perl|python\d?|tclsh|awk|sed|xargs|ssh)$/;

/** Whether this command runs, or substitutes in, what the word holds. */
function runs(command: TclCommand, word: TclWord): boolean {
  const name = nameOf(command);
  const [, first, second] = command.words;
  if (name === 'namespace') return first?.text === 'eval' && word !== first && word !== second;
  if (name === 'interp') return first?.text === 'eval';
  // a program gets arguments as they are; a value that begins with < > | steers where its output goes
  if (name === 'exec')
    return word === first || word.expanded || INTERPRETERS.test(first?.text ?? '') || /^"?\$/.test(word.text);
  // a name that begins with | is a pipe
  if (name === 'open') return word === first && /^"?(?:\||\$)/.test(word.text);
  // a command in the form of a list is what Tcl offers for values that stay data
  return EVALUATING.has(name) && !(name !== 'subst' && name !== 'source' && /^\[list\s+[A-Za-z_:]/.test(word.text));
}
