// Reserved words of (System)Verilog: IEEE 1364-2005 annex B and IEEE 1800-2017 annex B.

const VERILOG = `always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config deassign default
defparam design disable edge else end endcase endconfig endfunction endgenerate endmodule endprimitive endspecify
endtable endtask event for force forever fork function generate genvar highz0 highz1 if ifnone incdir include initial
inout input instance integer join large liblist library localparam macromodule medium module nand negedge nmos nor
noshowcancelled not notif0 notif1 or output parameter pmos posedge primitive pull0 pull1 pulldown pullup
pulsestyle_onevent pulsestyle_ondetect rcmos real realtime reg release repeat rnmos rpmos rtran rtranif0 rtranif1
scalared showcancelled signed small specify specparam strong0 strong1 supply0 supply1 table task time tran tranif0
tranif1 tri tri0 tri1 triand trior trireg unsigned use uwire vectored wait wand weak0 weak1 while wire wor xnor xor`;

const SYSTEM_VERILOG = `accept_on alias always_comb always_ff always_latch assert assume before bind bins binsof bit
break byte chandle checker class clocking const constraint context continue cover covergroup coverpoint cross dist do
endchecker endclass endclocking endgroup endinterface endpackage endprogram endproperty endsequence enum eventually
expect export extends extern final first_match foreach forkjoin global iff ignore_bins illegal_bins implements implies
import inside int interconnect interface intersect join_any join_none let local logic longint matches modport nettype
new nexttime null package packed priority program property protected pure rand randc randcase randsequence ref
reject_on restrict return s_always s_eventually s_nexttime s_until s_until_with sequence shortint shortreal soft solve
static string strong struct super sync_accept_on sync_reject_on tagged this throughout timeprecision timeunit type
typedef union unique unique0 until until_with untyped var virtual void wait_order weak wildcard with within`;

const words = (text: string): string[] => text.split(/\s+/);

export const VERILOG_KEYWORDS: ReadonlySet<string> = new Set(words(VERILOG));
export const KEYWORDS: ReadonlySet<string> = new Set([...VERILOG_KEYWORDS, ...words(SYSTEM_VERILOG)]);

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
