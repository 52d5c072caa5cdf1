// What a job-written testbench may not do: look below the design, run other programs, open files elsewhere.
import { closing, splitAtCommas } from '../hdl/brackets.ts';
import type { Preprocessed, SeenToken } from '../hdl/preprocess.ts';
import type { Finding, IsAdded } from './index.ts';
import { drivenOutputs } from './connections.ts';
import { isLocalPath, plainPath } from './paths.ts';
import { isPlainDirective } from './tools.ts';
import { pathAt, type Outside, type Unit, type Units } from './units.ts';

/** Tasks that open a file, by the position of its name. */
const OPENING: ReadonlyMap<string, number> = new Map([
  ['$fopen', 0],
  ['$readmemh', 0],
  ['$readmemb', 0],
  ['$sreadmemh', 0],
  ['$sreadmemb', 0],
  ['$writememh', 0],
  ['$writememb', 0],
  ['$dumpfile', 0],
  ['$fsdbDumpfile', 0],
  ['$vcdplusfile', 0],
  ['$shm_open', 0],
  ['$sdf_annotate', 0],
  ['$log', 0],
  ['$save', 0],
  ['$restart', 0],
  ['$incsave', 0],
]);
/** Tasks that write whatever they open; `$fopen` says so by its mode. */
const WRITING = /^\$(?:writemem[hb]|dumpfile|fsdbDumpfile|vcdplusfile|log|save|incsave)$/;
/** Scopes to record are named, nothing of them is read. */
const RECORDING: ReadonlySet<string> = new Set([
  '$dumpvars',
  '$dumpports',
  '$fsdbDumpvars',
  '$vcdpluson',
  '$shm_probe',
]);
const OTHER_LANGUAGES = /^\$(?:system|c\d*|cpure|cexpr|sreadmem\w*)$/i;
/** Of IEEE 1800-2017, and what waveform formats add. Whatever else a tool knows may open files or run programs. */
const KNOWN: ReadonlySet<string> = new Set([
  ...`$finish $stop $exit $time $stime $realtime $printtimescale $timeformat $signed $unsigned $rtoi $itor $realtobits
    $bitstoreal $shortrealtobits $bitstoshortreal $cast $bits $typename $isunbounded $left $right $low $high $increment
    $size $dimensions $unpacked_dimensions $clog2 $ln $log10 $exp $sqrt $pow $floor $ceil $sin $cos $tan $asin $acos
    $atan $atan2 $hypot $sinh $cosh $tanh $asinh $acosh $atanh $countbits $countones $onehot $onehot0 $isunknown $fatal
    $error $warning $info $asserton $assertoff $assertkill $assertcontrol $assertpasson $assertpassoff $assertfailon
    $assertfailoff $assertnonvacuouson $assertvacuousoff $sampled $rose $fell $stable $changed $past $past_gclk
    $rose_gclk $fell_gclk $stable_gclk $changed_gclk $future_gclk $rising_gclk $falling_gclk $steady_gclk $changing_gclk
    $coverage_control $coverage_get_max $coverage_get $coverage_merge $coverage_save $get_coverage $set_coverage_db_name
    $load_coverage_db $random $urandom $urandom_range $dist_uniform $dist_normal $dist_exponential $dist_poisson
    $dist_chi_square $dist_t $dist_erlang $q_initialize $q_add $q_remove $q_full $q_exam $display $displayb $displayh
    $displayo $write $writeb $writeh $writeo $strobe $strobeb $strobeh $strobeo $monitor $monitorb $monitorh $monitoro
    $monitoron $monitoroff $fdisplay $fdisplayb $fdisplayh $fdisplayo $fwrite $fwriteb $fwriteh $fwriteo $fstrobe
    $fstrobeb $fstrobeh $fstrobeo $fmonitor $fmonitorb $fmonitorh $fmonitoro $fclose $fflush $feof $ferror $fgetc
    $fgets $fread $fscanf $fseek $ftell $rewind $ungetc $sformat $sformatf $swrite $swriteb $swriteh $swriteo $sscanf
    $psprintf $test$plusargs $value$plusargs $dumpvars $dumpall $dumpon $dumpoff $dumplimit $dumpflush $dumpports
    $dumpportson $dumpportsoff $dumpportsall $dumpportslimit $dumpportsflush $fsdbDumpvars $fsdbDumpon $fsdbDumpoff
    $fsdbDumpflush $fsdbDumpMDA $fsdbDumpSVA $vcdpluson $vcdplusoff $vcdplusflush $vcdplusmemon $shm_probe $shm_close
    $nolog $key $nokey $showscopes $showvars $list $scope $reset $reset_count $reset_value $countdrivers $getpattern
    $scale $abstime $simtime $root $unit`.split(/\s+/),
  ...OPENING.keys(),
]);
/** What a testbench may not read as data: the design's text tells it nothing that its ports do not. */
const SOURCE = /\.(?:s?vh?|vhdl?|svi|vams?)$/i;

export function benchFindings(seen: Preprocessed, units: Units, added: IsAdded): Finding[] {
  const findings: Finding[] = [];
  const report = (token: { file: string; line: number }, message: string): void => {
    findings.push({ file: token.file, line: token.line, message });
  };
  for (const directive of seen.directives.filter(added))
    if (
      !isPlainDirective(directive.text) &&
      !/^`(?:begin_keywords|end_keywords|pragma|line|__FILE__|__LINE__)\b/.test(directive.text)
    )
      report(directive, `the directive ${directive.text.split(/\s/, 1)[0]} brings in other languages`);
  for (const include of seen.includes)
    if (added(include) && !isLocalPath(include.name))
      report(include, `the include ${include.name} lies outside the workspace`);
  const names = { waveforms: waveformNames(seen.tokens), constants: constantNames(units) };
  const { tokens } = seen;
  const written = writtenPaths(tokens);
  for (const [at, token] of tokens.entries()) {
    const given = token.kind === 'string' && tokens[at - 1]?.text === '(' && tokens[at - 3]?.text === '.';
    if (given && added(token) && written.has(plainPath(token.text.slice(1, -1))))
      report(token, `the path ${token.text} is written by the testbench and given to the design`);
    if (token.kind === 'system') systemName(tokens, at, names, added, report);
    if (!added(token) || token.kind !== 'word') continue;
    if (token.text === 'bind') report(token, 'a testbench binds nothing into the design');
    if (token.text === 'config') report(token, 'a testbench does not choose what the design is made of');
    if (token.text.startsWith('uvm_hdl_'))
      report(token, `${token.text} looks inside the design: check through its ports only`);
    if ((token.text === 'import' || token.text === 'export') && tokens[at + 1]?.kind === 'string')
      report(token, 'a testbench calls nothing outside the simulation (DPI)');
  }
  for (const unit of units.list.filter((one) => one.inBench)) {
    peeks(unit, units, added, report);
    drivenOutputs(unit, units, added, report);
  }
  peeks(units.bench, units, added, report);
  return findings;
}

type Report = (token: { file: string; line: number }, message: string) => void;

function systemName(
  tokens: readonly SeenToken[],
  at: number,
  names: { readonly waveforms: ReadonlySet<string>; readonly constants: ReadonlyMap<string, string> },
  added: IsAdded,
  report: Report,
): void {
  const token = tokens[at];
  if (token === undefined) return;
  const open = tokens[at + 1]?.text === '(';
  const inside = open ? tokens.slice(at + 2, closing(tokens, at + 1)) : [];
  if (!added(token) && !inside.some(added)) return;
  if (OTHER_LANGUAGES.test(token.text)) {
    report(token, `a testbench does not call ${token.text}`);
    return;
  }
  if (token.text === '$test$plusargs' || token.text === '$value$plusargs') {
    const fault = anyPlusarg(splitAtCommas(inside)[0] ?? []);
    if (fault !== null) report(token, `${token.text} ${fault}`);
    return;
  }
  const position = OPENING.get(token.text);
  if (position === undefined) {
    if (!KNOWN.has(token.text)) report(token, `${token.text} is no system task of the language`);
    return;
  }
  const [name, more] = splitAtCommas(inside)[position] ?? [];
  if (name === undefined) return;
  if (token.text === '$dumpfile' && more === undefined && names.waveforms.has(name.text)) return;
  const literal = name.kind === 'string' ? name.text : names.constants.get(name.text);
  const path = literal?.slice(1, -1) ?? '';
  if (more !== undefined || literal === undefined) report(token, `${token.text} opens a literal path only`);
  else if (!isLocalPath(path))
    report(token, `${token.text} opens ${literal}, which is no relative path inside the workspace`);
  else if (SOURCE.test(path)) report(token, `${token.text} opens ${literal}: a testbench does not read sources`);
}

/** Parameters of testbenches that are a string in every one that declares them, and are given none elsewhere. */
function constantNames({ list }: Units): ReadonlyMap<string, string> {
  const benches = list.filter(({ inBench }) => inBench);
  const found = new Map(benches.flatMap(({ scope }) => [...scope.strings]));
  for (const name of found.keys())
    for (const { scope, tokens } of benches) {
      const other = scope.data.has(name) && scope.strings.get(name) !== found.get(name);
      const given = tokens.some(
        ({ text }, at) =>
          text === name &&
          (/^<?=$/.test(tokens[at + 1]?.text ?? '') ? !isDeclared(tokens, at) : tokens[at - 1]?.text === '.'),
      );
      if (other || given) found.delete(name);
    }
  return found;
}

/** `parameter [type] [range] NAME =`, also behind others of the same list; a variable that starts with a text may change. */
function isDeclared(tokens: readonly SeenToken[], at: number): boolean {
  for (let before = at - 1; before >= 0 && tokens[before]?.text !== ';'; before -= 1)
    if (tokens[before]?.text === 'parameter' || tokens[before]?.text === 'localparam') return true;
  return false;
}

/** What a name is given: `name = "…"` and `.name("…")`. */
function textsOf(tokens: readonly SeenToken[], name: string): SeenToken[] {
  return tokens.filter(({ kind }, at) => {
    const [one, two, three] = [tokens[at - 1]?.text, tokens[at - 2]?.text, tokens[at - 3]?.text];
    const given = one === '=' || one === '<=' || (one === '(' && three === '.');
    return kind === 'string' && given && two === name;
  });
}

/** Literal paths that a testbench writes to, or might: a mode that is no literal, too. */
export function writtenPaths(tokens: readonly SeenToken[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'system' || (text !== '$fopen' && !WRITING.test(text)) || tokens[at + 1]?.text !== '(') continue;
    const [path, mode] = splitAtCommas(tokens.slice(at + 2, closing(tokens, at + 1)));
    const reads = mode?.length === 1 && /^"rb?"$/.test(mode[0]?.text ?? '');
    if (reads) continue;
    for (const one of path ?? [])
      for (const { text: said } of one.kind === 'string' ? [one] : textsOf(tokens, one.text))
        if (said !== '""') paths.add(plainPath(said.slice(1, -1)));
  }
  return paths;
}

/**
 * Runs in which an output is spoilt have a plusarg of their own, whose name is drawn: a pattern that any name fits
 * tells them apart from others. Null: the pattern names one plusarg.
 */
function anyPlusarg(pattern: readonly SeenToken[]): string | null {
  const [only, more] = pattern;
  if (only?.kind !== 'string' || more !== undefined) return 'asks for a plusarg by a literal name only';
  const name = only.text.slice(1, -1).split('%', 1)[0] ?? '';
  return name.includes('=') || name.length >= 4 || /^[a-y_]\w/i.test(name)
    ? null
    : `asks for plusargs of any name by ${only.text}`;
}

/** Variables that hold what `+vcd=` says, or a local path that stands in the text, and nothing else. */
function waveformNames(tokens: readonly SeenToken[]): Set<string> {
  const names = new Set<string>();
  for (const [at, token] of tokens.entries())
    if (token.text === '$value$plusargs' && tokens[at + 2]?.text === '"vcd=%s"') names.add(tokens[at + 4]?.text ?? '');
  for (const [at, token] of tokens.entries()) {
    if (!names.has(token.text) || (tokens[at + 1]?.text !== '=' && tokens[at + 1]?.text !== '<=')) continue;
    const [value, end] = [tokens[at + 2], tokens[at + 3]?.text];
    const path = value?.kind === 'string' && (end === ';' || end === ',') ? value.text.slice(1, -1) : '';
    if (!isLocalPath(path) || SOURCE.test(path)) names.delete(token.text);
  }
  return names;
}

/** Names that lead through an instance of the design to something in it. */
function peeks(unit: Unit | Outside, units: Units, added: IsAdded, report: Report): void {
  for (let at = 0; at < unit.tokens.length; at++) {
    const token = unit.tokens[at];
    if (token?.kind === 'system' && RECORDING.has(token.text) && unit.tokens[at + 1]?.text === '(') {
      at = closing(unit.tokens, at + 1);
      continue;
    }
    const path = pathAt(unit.tokens, at);
    if (path === null) continue;
    // a parameter of the design, set in the old way
    const set = unit.tokens[at - 1]?.text === 'defparam' && path.parts.length === 2;
    if (!set && path.parts.some(added) && leadsBelow(path.parts, unit, units))
      report(
        path.parts[0] ?? unit.tokens[at] ?? { file: '', line: 1 },
        `${path.parts.map(({ text }) => text).join('.')} looks inside the design: check through its ports only`,
      );
    at = path.end - 1;
  }
}

function leadsBelow(parts: readonly SeenToken[], from: Unit | Outside, units: Units): boolean {
  const [head] = parts;
  const rest = head?.text === '$root' ? parts.slice(1) : parts;
  let here: Unit | Outside | undefined = from;
  for (const [at, part] of rest.entries()) {
    const instance: string | undefined = here?.scope.instances.get(part.text);
    const next: Unit | undefined =
      instance === undefined
        ? at === 0 && here !== undefined
          ? above(units, here, part.text)
          : undefined
        : units.byName.get(instance);
    if (instance !== undefined || next !== undefined) {
      const last = at === rest.length - 1;
      // an unknown type is a package or a primitive: whatever is below it is the design's
      if (!last && (next === undefined || (!next.inBench && next.kind === 'module'))) return true;
      here = next;
    } else if (!here?.scope.labels.has(part.text)) return false;
  }
  return false;
}

/** A module of its own name at the top of the hierarchy, or an instance of a testbench that is found upwards. */
function above(units: Units, from: Unit | Outside, name: string): Unit | undefined {
  const unit = units.byName.get(name);
  if (unit?.kind === 'module') return unit;
  if (from.scope.data.has(name) || from.scope.labels.has(name)) return undefined;
  for (const { inBench, scope } of units.list) {
    const of = inBench ? scope.instances.get(name) : undefined;
    if (of !== undefined) return units.byName.get(of);
  }
  return undefined;
}
