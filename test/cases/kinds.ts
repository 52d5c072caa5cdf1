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

export const KINDS: Readonly<Record<string, CaseCheck>> = {
  'bench-counts-of-zero-failures': benchCountsOfZeroFailures,
  'docx-pictures': docxPictures,
  'docx-superscript-strike-equation': docxSuperscriptStrikeEquation,
  'docx-tables': docxTables,
  'pdf-chinese-fonts': pdfChineseFonts,
  'pdf-superscripts-by-nfkc': pdfSuperscriptsByNfkc,
  'txt-in-gbk': txtInGbk,
};
