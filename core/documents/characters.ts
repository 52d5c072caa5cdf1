// One rule for the characters of documents: what only a typesetter tells apart becomes the character that a person
// would type; what carries meaning (exponents, fractions, Chinese punctuation) stays.

/**
 * Radicals that fonts of Chinese PDFs give for whole characters, compatibility ideographs, ligatures, full-width
 * letters, digits and operators, units set as one letter (㎒). Full-width punctuation of sentences （，：；。） is what a Chinese author types and stays.
 */
const FOLDED =
  /[\u2e80-\u2fd5\uf900-\ufaff\ufb00-\ufb06\uff02-\uff07\uff0a\uff0b\uff0d-\uff19\uff1c-\uff1e\uff20-\uff5e\uffe0-\uffe6\u3371-\u339f\u33a7-\u33df]+/g;
/** A colon of a Chinese keyboard in a range or a time: `[31：0]`. */
const RANGE_COLON = /(?<=\d)：(?=\d)|(?<=\[[\w+*-]{1,40})：(?=[\w+*-]{1,40}\])/g;
/** Letters of equations: 𝐷 = 4 + 𝑊, and ℎ, which stands apart from them. */
export const EQUATION_LETTERS = /[\u{1d400}-\u{1d7ff}\u210e]+/gu;
const BLANKS = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
/** Soft hyphens, zero-width marks, byte order marks, directional marks. */
const NOTHING = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
/** Hyphens, and the minus sign of word processors: both are the minus of an expression. */
const HYPHENS = /[\u2010\u2011\u2212]/g;
/** What word processors make of the apostrophe in a Verilog literal: 8’hFF, ‘b0. */
const LITERAL_QUOTE = /[\u2018\u2019\u2032](?=[sS]?[bBoOdDhH][0-9a-fA-FxXzZ?])/g;

/**
 * Forms of radicals that Unicode gives no decomposition for, and the ideographs that they stand for (Unicode's
 * EquivalentUnifiedIdeograph): fonts give the one for the other, ⻚ for 页.
 */
const RADICALS =
  '⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲';
const IDEOGRAPHS =
  '厂乛乚乙亻冂几刀刂卜㔾小小兀尣尢尣巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王疋罒示礻竹糹纟罓罒网网网羊羊羊耂肀聿肉臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀';
const RADICAL = new RegExp(`[${RADICALS}]`, 'g');

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ';
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎';
const PLAIN = '0123456789+-=()ni';
const RAISED = new RegExp(`[${SUPERSCRIPTS}]+`, 'g');
const LOWERED = new RegExp(`[${SUBSCRIPTS}]+`, 'g');

export function plainCharacters(text: string): string {
  if (!/[^\x20-\x7e\n\t]/.test(text)) return text;
  return text
    .replace(FOLDED, (run) => run.normalize('NFKC'))
    .replace(EQUATION_LETTERS, (run) => run.normalize('NFKC'))
    .replace(RANGE_COLON, ':')
    .replace(RADICAL, (radical) => IDEOGRAPHS[RADICALS.indexOf(radical)] ?? radical)
    .replace(BLANKS, ' ')
    .replace(NOTHING, '')
    .replace(HYPHENS, '-')
    .replace(LITERAL_QUOTE, "'")
    .replace(RAISED, (run) => raised(translate(run, SUPERSCRIPTS)))
    .replace(LOWERED, (run) => lowered(translate(run, SUBSCRIPTS)));
}

function translate(run: string, alphabet: string): string {
  return [...run].map((character) => PLAIN[alphabet.indexOf(character)] ?? character).join('');
}

/** `2` and this make `2^32`, `2^(N-1)`. */
export function raised(text: string): string {
  return script('^', text);
}

/** `H` and this make `H_2`. */
export function lowered(text: string): string {
  return script('_', text);
}

function script(mark: string, text: string): string {
  const inner = text.trim();
  if (inner === '') return text;
  // the mark of a remark is no exponent
  const remark = /^\[(\w{1,3})\]$|^(\d{1,2})\)$/.exec(inner);
  if (remark !== null) return text.replace(inner, `[^${remark[1] ?? remark[2] ?? ''}]`);
  if (/^(?:\*{1,3}|[†‡§¶])$/.test(inner)) return text;
  const simple = /^[\p{L}\p{N}]+$|^[-+−–][\p{L}\p{N}]+$/u.test(inner) || (inner.startsWith('(') && inner.endsWith(')'));
  return `${text.startsWith(' ') ? ' ' : ''}${mark}${simple ? inner : `(${inner})`}${text.endsWith(' ') ? ' ' : ''}`;
}
