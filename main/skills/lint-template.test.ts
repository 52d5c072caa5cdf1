import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { SkillContract } from '@genrtl/contracts/skill-contract.ts';
import { lintTemplate } from './lint-template.ts';
import { readTcl } from './tcl-script.ts';
import { tclString } from './tcl-text.ts';

const contract = SkillContract.parse({
  schema_version: 1,
  name: 'probe',
  version: '1.0.0',
  title: 'probe',
  description: 'probe',
  host: 'tclsh',
  database: null,
  outputs: { required: [{ path: 'reports/out.txt' }] },
});
const WRITES = '::skillpilot::write_report out.txt x\n';
const lint = (template: string): string[] =>
  lintTemplate({ contract, template: `${template}\n${WRITES}` }).map(
    ({ severity, line, message }) => `${severity} ${line ?? 0}: ${message}`,
  );

describe('what does not close', () => {
  it.each([
    ['puts "abc', 'error 1: a " is not closed'],
    ['if {1} {\n  puts "x\n}', 'error 2: a " is not closed'],
    ['switch -- $x {\n  a { puts "hi }\n}', 'error 2: a " is not closed'],
    ['set x [list a', 'error 1: a [ is not closed'],
    ['proc f {} {\n  set y 1', 'error 1: a { is not closed'],
    ['puts "a"b', 'error 1: characters follow the closing quote'],
    ['set x ${name', 'error 1: a ${ is not closed'],
    ['set x $a(b', 'error 1: a ( of an array element is not closed'],
  ])('%j', (template, fault) => {
    expect(lint(template)[0]).toBe(fault);
  });

  it('agrees with Tcl about what is complete', () => {
    const scripts = [
      'set a "x [join {1 2} ","] y"',
      'regexp {a"b} $x',
      'set a \\"',
      'set a {\\{}',
      'set a {\\}}\n}',
      '# a comment with { and "\nset a 1',
      'set a $b($c d)',
      'set a "\\"',
      'set a [format "%s]" x]',
      'foreach {a b} $x { puts "$a" } ; puts {',
      'set a {b\n} ; set c "d\ne"',
      'set a b\\\n c',
      'if {$a > "x"} { puts "[f {]}]" }',
      '',
    ];
    const said = execFileSync('tclsh', [], {
      input: scripts.map((script) => `puts [info complete ${tclString(`${script}\n`)}]`).join('\n'),
      encoding: 'utf8',
    })
      .trim()
      .split('\n');
    expect(scripts.map((script) => (readTcl(script).faults.length === 0 ? '1' : '0'))).toEqual(said);
  });

  it('ends for scripts that are nested without end', () => {
    expect(readTcl('['.repeat(100_000)).faults).toHaveLength(1);
    expect(readTcl('if {1} {'.repeat(5000)).faults).toHaveLength(1);
  });
});

describe('parameters that would run', () => {
  it.each([
    'eval $::param(a)',
    'eval "puts $::param(a)"',
    'set c "x $::param(a)"\neval $c',
    'foreach x $::param(l) { uplevel #0 $x }',
    'proc f {x} { eval $x }\nf $::param(a)',
    'catch { subst $::param(a) }',
    'try { eval $::param(x) } on error {m} { puts x }',
    'switch $x { a { eval $::design } }',
    'namespace eval foo $::param(a)',
    'source $::param(a)',
    'exec $::param(a)',
    'exec sh -c "x $::param(a)"',
    'open "|cat $::param(a)"',
    '$::param(command) a',
    '{*}$::param(command)',
    'expr $::param(a) + 1',
    'if $::param(a) { puts x }',
  ])('%j', (template) => {
    expect(lint(template).join()).toMatch(/error \d+: .*(?:parameters are data|substitutes a parameter twice)/);
  });

  it.each([
    'if {$::param(a)} { puts x }',
    'set x [expr {$::param(a) + 1}]',
    'puts "top $::param(top)"',
    'foreach f $::param(s) { read_verilog -sv $f }',
    'uplevel #0 [list set y $::param(a)]',
    'set n [llength $::param(s)]\neval "incr n $n"',
    'read_verilog {*}$::param(sources)',
    'namespace eval foo { set x $::param(a) }',
    'puts {exit}',
  ])('not in %j', (template) => {
    expect(lint(template)).toEqual([]);
  });
});

describe('reports', () => {
  it('that no output declares, and outputs that nothing writes', () => {
    expect(lint('::skillpilot::write_report other.txt x')).toEqual([
      'error 1: reports/other.txt is no output of the contract: nobody would check or keep it',
    ]);
    expect(lintTemplate({ contract, template: 'puts x\n' }).map((each) => each.message)).toEqual([
      'reports/out.txt is required by the contract, and the script never writes it',
    ]);
    // a name that is made while it runs may be any
    expect(lintTemplate({ contract, template: 'set f [::skillpilot::report $n.txt]\n' })).toEqual([]);
  });
});
