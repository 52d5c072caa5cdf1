// The sign of a file by its kind; a kind is told by the shape, not by a colour.
import {
  AudioWaveform,
  Binary,
  BookText,
  Braces,
  CircuitBoard,
  FileCode2,
  FileText,
  FlaskConical,
  ListChecks,
  Sheet,
  SquareTerminal,
} from 'lucide-react';
import type { Icon } from '@genrtl/ui/controls.tsx';

const KINDS: readonly (readonly [RegExp, Icon])[] = [
  [/(^|\/)tb[_/][^/]*\.(sv|v|vhdl?)$|_tb\.(sv|v|vhdl?)$/i, FlaskConical],
  [/\.(sv|v|svh|vh|vhdl?)$/i, CircuitBoard],
  [/\.(md|markdown|txt|pdf|docx)$/i, BookText],
  [/\.(json|hjson|ya?ml|toml|xml)$/i, Braces],
  [/\.(vcd|fst|ghw)$/i, AudioWaveform],
  [/\.(f|sdc|xdc)$/i, ListChecks],
  [/\.csv$/i, Sheet],
  [/\.(tcl|sh|mk)$|(^|\/)makefile$/i, SquareTerminal],
  [/\.(py|c|cc|cpp|h|rs|js|ts)$/i, FileCode2],
  [/\.(hex|mem|bin|o|so)$/i, Binary],
];

export function FileGlyph({ path, size = 13 }: { readonly path: string; readonly size?: number }) {
  const Glyph = KINDS.find(([pattern]) => pattern.test(path))?.[1] ?? FileText;
  return <Glyph size={size} aria-hidden />;
}
