// VHDL-2008 for Monaco, which has none: keywords of IEEE 1076-2008 §15.10, literals of §15.5–15.8, comments of §15.9.
import type { languages } from 'monaco-editor/editor/editor.api.js';

const KEYWORDS =
  `abs access after alias all and architecture array assert assume assume_guarantee attribute begin block body buffer bus case
component configuration constant context cover default disconnect downto else elsif end entity exit fairness file for force function generate
generic group guarded if impure in inertial inout is label library linkage literal loop map mod nand new next nor not null of on open or others
out package parameter port postponed procedure process property protected pure range record register reject release rem report restrict
restrict_guarantee return rol ror select sequence severity shared signal sla sll sra srl strong subtype then to transport type unaffected units
until use variable vmode vprop vunit wait when while with xnor xor`.split(/\s+/);

const TYPES =
  `bit bit_vector boolean character integer natural positive real severity_level signed std_logic std_logic_vector std_ulogic
std_ulogic_vector string time unsigned delay_length`.split(/\s+/);

export function registerVhdl(registry: typeof languages): void {
  registry.register({ id: 'vhdl', extensions: ['.vhd', '.vhdl'], aliases: ['VHDL', 'vhdl'] });
  registry.setLanguageConfiguration('vhdl', {
    comments: { lineComment: '--', blockComment: ['/*', '*/'] },
    brackets: [
      ['(', ')'],
      ['[', ']'],
    ],
    autoClosingPairs: [
      { open: '(', close: ')' },
      { open: '"', close: '"', notIn: ['string', 'comment'] },
    ],
  });
  registry.setMonarchTokensProvider('vhdl', {
    ignoreCase: true,
    defaultToken: '',
    tokenPostfix: '.vhdl',
    keywords: KEYWORDS,
    types: TYPES,
    tokenizer: {
      root: [
        [/[a-z]\w*/, { cases: { '@keywords': 'keyword', '@types': 'type', '@default': 'identifier' } }],
        [/\\[^\\]*\\/, 'identifier'],
        [/--.*$/, 'comment'],
        [/\/\*/, 'comment', '@comment'],
        [/\d+#[\da-f_.]+#(e[+-]?\d+)?/, 'number.hex'],
        [/\d[\d_]*(\.[\d_]+)?(e[+-]?\d+)?/, 'number'],
        [/\d*[us]?[xob]"[^"]*"/, 'number.hex'],
        [/"([^"]|"")*"/, 'string'],
        [/'.'/, 'string'],
        [/<=|=>|:=|\/=|>=|\*\*|[=<>+\-*/&|]/, 'operator'],
        [/[;,.:()]/, 'delimiter'],
      ],
      comment: [
        [/[^*]+/, 'comment'],
        [/\*\//, 'comment', '@pop'],
        [/\*/, 'comment'],
      ],
    },
  });
}
