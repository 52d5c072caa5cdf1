// Which words open a block, and with what it is closed (IEEE 1800-2017 annex A). Most of these words also stand where
// they open nothing: `disable fork`, `virtual interface`, `extern function`.
/** Closing words by opening words. */
export const CLOSER: ReadonlyMap<string, string> = new Map([
  ['module', 'endmodule'],
  ['macromodule', 'endmodule'],
  ['interface', 'endinterface'],
  ['program', 'endprogram'],
  ['package', 'endpackage'],
  ['class', 'endclass'],
  ['checker', 'endchecker'],
  ['primitive', 'endprimitive'],
  ['function', 'endfunction'],
  ['task', 'endtask'],
  ['begin', 'end'],
  ['case', 'endcase'],
  ['casex', 'endcase'],
  ['casez', 'endcase'],
  ['randcase', 'endcase'],
  ['fork', 'join'],
  ['generate', 'endgenerate'],
  ['specify', 'endspecify'],
  ['table', 'endtable'],
  ['property', 'endproperty'],
  ['sequence', 'endsequence'],
  ['randsequence', 'endsequence'],
  ['covergroup', 'endgroup'],
  ['clocking', 'endclocking'],
  ['config', 'endconfig'],
]);

/** Every word that closes a block. */
export const CLOSING_WORDS: ReadonlySet<string> = new Set([...CLOSER.values(), 'join_any', 'join_none']);
