// Counts that benches and frameworks print about themselves (`Tests: 4  PASS: 4  FAIL: 0`, `0 FAILED`, UVVM's summary
// of alerts): a word for failing with the number zero beside it is no failure. Whatever is not plainly such a count is
// none, so that a real failure stays one whatever digits stand near it (`FAIL signal=q0 time=0`, `FAIL: 0 expected 1`).

/** Words that are counted. */
const LABEL =
  /^(?:pass(?:es|ed|ing)?|fail(?:s|ed|ures?|ing)?|err(?:or)?s?|fatals?|warn(?:ing)?s?|skip(?:s|ped)?|xfail(?:s|ed)?|notes?|infos?|tests?|cases?|checks?|asserts?|assertions?|vectors?|mismatch(?:es)?|ran|run|total)$/i;
/** Further words of a line that only counts. */
const FILLER =
  /^(?:testcases|comparisons|transactions|checked|done|ignored|counts?|num|number|no|nr|of|out|in|and|with|ok|results?|summary|s|ms|us|ns|ps|secs?|seconds|x)$/i;
/**
 * What is counted, between the word and its number: `FAILED TESTS: 0`. One thing with a number is that thing's name.
 */
const NOUN = /^(?:s|counts?|tests|cases|testcases|checks|vectors|assertions|errors|total)$/i;
const COPULA = /^(?:is|are|was|were)$/i;
/** `0 FAIL` may also be a verdict at time 0; these forms are counted things. */
const PLURAL = /^(?:FAILS|FAILED|FAILURES?|FAILING)$/i;
/** What may stand before a number that counts the next word: `Result: 0 FAILED`, `with 0 FAILURES`. */
const LEAD =
  /^(?:and|with|is|are|were|had|has|found|of|results?|summary|total|tests|checks|status|report|done|finished|completed?|simulation|regression|score)$/i;

interface Token {
  readonly kind: 'word' | 'number' | 'mark';
  readonly text: string;
  /** place in the line */
  readonly at: number;
}

/** A line longer than this is no count. */
const MAX_TALLY_CHARS = 400;
const TOKEN = /(?:\d+'s?[bdho])?\d[\dA-Fa-fxX.]*%?|[A-Za-z_]\w*|[^\s\w]/g;
const ZERO = /^(?:\d+'s?[bdho])?(?:0x)?0+(?:\.0*)?%?$/i;

function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map(({ 0: word, index }) => ({
    kind: /^\d/.test(word) ? 'number' : /^\w/.test(word) ? 'word' : 'mark',
    text: word,
    at: index,
  }));
}

const isMark = (token: Token | undefined, marks: string): boolean =>
  token?.kind === 'mark' && marks.includes(token.text);
const isWord = (token: Token | undefined, words: RegExp): boolean => token?.kind === 'word' && words.test(token.text);

/**
 * Index of the number that follows a label at once, or after `:`, `=`, dots, or a thing that is counted; -1 without.
 */
function numberBehind(tokens: readonly Token[], label: number): { at: number; separated: boolean } | null {
  let separated = false;
  for (let at = label + 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind === 'number') return { at, separated };
    if (isMark(token, ':=-.>|') || isWord(token, COPULA)) separated = true;
    else if (isMark(token, '()') || (!separated && isWord(token, NOUN))) continue;
    else return null;
  }
  return null;
}

/** The line counts something else as well: `5 PASSED`, `Tests: 4`. `own` is the number in question. */
function hasOtherPair(tokens: readonly Token[], label: number, own: number): boolean {
  return tokens.some((token, index) => {
    if (index === label || !isWord(token, LABEL)) return false;
    const behind = numberBehind(tokens, index);
    return (behind !== null && behind.at !== own) || (tokens[index - 1]?.kind === 'number' && index - 1 !== own);
  });
}

/** From `from` on the line speaks of counts only, and no number is held against another one (`0 != 1`, `0, 1`). */
function onlyCounts(tokens: readonly Token[], from: number): boolean {
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind === 'number') {
      let next = at + 1;
      while (isMark(tokens[next], '=-+&,:.')) next += 1;
      if (next > at + 1 && tokens[next]?.kind === 'number') return false;
    } else if (
      token?.kind === 'mark'
        ? !',;.|/()[]{}*=-:%#'.includes(token.text)
        : !isWord(token, LABEL) && !isWord(token, FILLER)
    )
      return false;
  }
  return true;
}

/** `FAIL: 0`, `FAILED TESTS = 0/12`, `FAILURE : 0 0 0 ok`: whether the count behind the label is zero. */
function zeroBehind(tokens: readonly Token[], label: number): boolean | null {
  const found = numberBehind(tokens, label);
  if (found === null || !onlyCounts(tokens, found.at)) return null;
  const next = tokens[found.at + 1];
  // `PASS: 0 errors`: the number counts the next word, unless that has one of its own
  if (isWord(next, LABEL) && !/^(?:tests|cases|checks|vectors|assertions)$/i.test(next?.text ?? '')) {
    const own = numberBehind(tokens, found.at + 1);
    if (own === null) return null;
  }
  const ofAll = (isMark(next, '/') || isWord(next, /^of$/i)) && tokens[found.at + 2]?.kind === 'number';
  if (!found.separated && !ofAll && !isMark(tokens[label + 1], '(') && !hasOtherPair(tokens, label, found.at))
    return null;
  const columns: string[] = [];
  for (let at = found.at; tokens[at]?.kind === 'number'; at += 1) columns.push(tokens[at]?.text ?? '');
  // UVVM: as many as were expected
  if (columns.length > 1 && columns[0] === columns[1] && isWord(tokens.at(-1), /^ok$/i)) return true;
  return columns.every((column) => ZERO.test(column));
}

/** `0 FAILED`, `0 of 12 tests FAILED`, `5 PASSED, 0 FAILED`: whether the count before the label is zero. */
function zeroBefore(tokens: readonly Token[], label: number): boolean | null {
  if (!onlyCounts(tokens, label + 1)) return null;
  let at = label - 1;
  if (isWord(tokens[at], /^(?:no|zero|without)$/i)) return true;
  while (isWord(tokens[at], /^(?:tests|cases|checks|vectors|assertions)$/i)) at -= 1;
  if (tokens[at]?.kind !== 'number') return null;
  if ((isMark(tokens[at - 1], '/') || isWord(tokens[at - 1], /^of$/i)) && tokens[at - 2]?.kind === 'number') at -= 2;
  const other = hasOtherPair(tokens, label, at);
  if (!other && !(PLURAL.test(tokens[label]?.text ?? '') && standsAlone(tokens, at))) return null;
  return ZERO.test(tokens[at]?.text ?? '');
}

/** The number begins the line or follows a word or mark that introduces a count: in `q = 0 FAILED` it is a value. */
function standsAlone(tokens: readonly Token[], number: number): boolean {
  const lead = tokens[number - 1];
  if (lead === undefined || isMark(lead, '(*#|') || isWord(lead, LEAD)) return true;
  if (!isMark(lead, ':=-')) return false;
  let run = number - 1;
  while (tokens[run]?.text === lead.text) run -= 1;
  return run < 0 || number - 1 - run > 2 || isWord(tokens[run], LEAD);
}

/**
 * Whether the word at `at` (FAIL…, ERROR, FATAL, PASS…) is counted with zero; null when no number counts it.
 * `text` is one line of output.
 */
export function countedAsZero(text: string, at: number): boolean | null {
  if (text.length > MAX_TALLY_CHARS) return null;
  const tokens = tokensOf(text);
  const label = tokens.findIndex((token) => token.at <= at && at < token.at + token.text.length);
  return label === -1 ? null : (zeroBehind(tokens, label) ?? zeroBefore(tokens, label));
}
