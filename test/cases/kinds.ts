// One line a kind: the folder's name in the collection of cases, and the check that its README asks for.
import type { CaseCheck } from './case.ts';
import { benchCountsOfZeroFailures } from './bench-counts-of-zero-failures.ts';
import {
  docxPictures,
  docxSuperscriptStrikeEquation,
  docxTables,
  pdfChineseFonts,
  pdfSuperscriptsByNfkc,
  txtInGbk,
} from './documents.ts';
import {
  svInheritedPortType,
  svInterfacePortMembers,
  svMacroInPortList,
  svOldStyleTaskArguments,
  svParametersLost,
  svPortExpressions,
} from './language.ts';
import {
  ghdlLlvmGccRuntime,
  quartusUncPath,
  questaFatalLine,
  questaPathWithBlank,
  questaWhileParsing,
  veribleRangeOverLines,
  vivadoXsimFatal,
} from './logs.ts';
import {
  vcdCutOffTime,
  vcdEvents,
  vcdFractionalTime,
  vcdNameWithDollarEnd,
  vcdNegativeIndex,
  vcdOddTimescale,
  vcdScopeWithoutName,
  vcdSplitVectors,
  vcdValuesBeforeTheFirstTime,
} from './waves.ts';
import { includeSameNameInTwoFolders } from './include-same-name-in-two-folders.ts';
import { lintPasses } from './lint-passes.ts';
import { lockfileWithMergeConflict } from './lockfile-with-merge-conflict.ts';
import { diffsApply, diffsRefused } from './patches.ts';
import { vhdlWorkspace } from './vhdl-workspace.ts';

export const KINDS: Readonly<Record<string, CaseCheck>> = {
  'bench-counts-of-zero-failures': benchCountsOfZeroFailures,
  'ghdl-llvm-gcc-runtime': ghdlLlvmGccRuntime,
  'quartus-unc-path': quartusUncPath,
  'questa-fatal-line': questaFatalLine,
  'questa-path-with-blank': questaPathWithBlank,
  'questa-while-parsing': questaWhileParsing,
  'sv-inherited-port-type': svInheritedPortType,
  'sv-interface-port-members': svInterfacePortMembers,
  'sv-macro-in-port-list': svMacroInPortList,
  'sv-old-style-task-arguments': svOldStyleTaskArguments,
  'sv-parameters-lost': svParametersLost,
  'sv-port-expressions': svPortExpressions,
  'vcd-cut-off-time': vcdCutOffTime,
  'vcd-events': vcdEvents,
  'vcd-fractional-time': vcdFractionalTime,
  'vcd-name-with-dollar-end': vcdNameWithDollarEnd,
  'vcd-negative-index-without-blank': vcdNegativeIndex,
  'vcd-odd-timescale': vcdOddTimescale,
  'vcd-scope-without-name': vcdScopeWithoutName,
  'vcd-split-vectors': vcdSplitVectors,
  'vcd-values-before-the-first-time': vcdValuesBeforeTheFirstTime,
  'verible-range-over-lines': veribleRangeOverLines,
  'vivado-xsim-fatal': vivadoXsimFatal,
  'docx-pictures': docxPictures,
  'docx-superscript-strike-equation': docxSuperscriptStrikeEquation,
  'docx-tables': docxTables,
  'pdf-chinese-fonts': pdfChineseFonts,
  'pdf-superscripts-by-nfkc': pdfSuperscriptsByNfkc,
  'txt-in-gbk': txtInGbk,
  'defines-file-order': lintPasses(['ws'], ['verilator', 'icarus', 'yosys'], /macro WIDTH undefined/),
  'include-below-a-folder': lintPasses(['common-include-folder', 'beside-the-file'], ['verilator', 'icarus', 'yosys']),
  'include-of-other-files': lintPasses(
    ['v-beside-the-file', 'v-in-include-folder', 'inc', 'h'],
    ['verilator', 'icarus', 'yosys'],
  ),
  'include-other-extensions': lintPasses(['inc', 'h'], ['verilator', 'icarus', 'yosys']),
  'include-same-name-in-two-folders': includeSameNameInTwoFolders,
  'lockfile-with-merge-conflict': lockfileWithMergeConflict,
  'patch-blank-context-at-end': diffsApply,
  'patch-header-variants': diffsApply,
  'patch-list-after-bare-diff': diffsApply,
  'patch-new-file-without-plus': diffsRefused,
  'vhdl-workspace': vhdlWorkspace,
};
