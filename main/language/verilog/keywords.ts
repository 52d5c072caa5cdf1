// What the reserved words mean to the readers of this folder.
import { KEYWORDS, VERILOG_KEYWORDS } from '@genrtl/core/hdl/keywords.ts';

const words = (text: string): string[] => text.split(/\s+/);

/** Words that name a value or a type although they are reserved. */
export const NAME_LIKE: ReadonlySet<string> = new Set(['this', 'super', 'new', 'local', 'null']);

/** A `.v` file may use SystemVerilog's words as names, unless it shows that it is SystemVerilog all the same. */
const SHOWS_SYSTEM_VERILOG =
  /\b(?:always_ff|always_comb|always_latch|logic|endinterface|endpackage|endclass|endprogram|typedef|unique|import)\b/;

export function keywordsOf(path: string, text: string): ReadonlySet<string> {
  return /\.(?:v|vh)$/i.test(path) && !SHOWS_SYSTEM_VERILOG.test(text) ? VERILOG_KEYWORDS : KEYWORDS;
}

export const NETS: ReadonlySet<string> = new Set(
  words('wire tri tri0 tri1 triand trior trireg wand wor uwire supply0 supply1 interconnect'),
);
export const DIRECTIONS: ReadonlySet<string> = new Set(['input', 'output', 'inout', 'ref']);
/** Words that begin or go on in the type of a declaration. */
export const TYPE_WORDS: ReadonlySet<string> = new Set([
  ...NETS,
  ...words(`logic reg bit byte shortint int longint integer time real realtime shortreal string chandle event void
    signed unsigned var const automatic static rand randc local protected virtual scalared vectored untyped`),
]);
/** Gates and switches of the language itself: their instances lead nowhere. */
export const GATES: ReadonlySet<string> = new Set(
  words(`and nand or nor xor xnor buf not bufif0 bufif1 notif0 notif1 nmos pmos cmos rnmos rpmos rcmos tran tranif0
    tranif1 rtran rtranif0 rtranif1 pullup pulldown`),
);
/** Never inside brackets or inside a simple statement: what is still open there was not finished. */
export const STOPS: ReadonlySet<string> = new Set(
  words(`module macromodule endmodule endinterface endprogram endpackage endclass endchecker endprimitive endfunction
    endtask endproperty endsequence endgroup endclocking endgenerate endcase endspecify always always_comb always_ff
    always_latch initial typedef`),
);
