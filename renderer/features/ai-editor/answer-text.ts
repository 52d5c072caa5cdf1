// The text of an answer as it goes into a document: without the fence that models put around code, with the line ends
// of the document, and an end of line where the selection had one. Pure.

const FENCE = /^\s{0,3}```[\w+-]*[ \t]*\r?\n([\s\S]*?)\r?\n?\s{0,3}```\s*$/;

/** `markdown`: a fence may be meant. */
export function unfenced(answer: string, markdown: boolean): string {
  if (markdown) return answer;
  const inside = FENCE.exec(answer)?.[1];
  return inside === undefined || inside.includes('\n```') ? answer : inside;
}

/** While an answer is still coming its last fence is not there. */
export function unfencedSoFar(answer: string, markdown: boolean): string {
  if (markdown) return answer;
  const open = /^\s{0,3}```[\w+-]*[ \t]*\r?\n/.exec(answer);
  if (open === null) return /^\s{0,3}`{1,3}[\w+-]*$/.test(answer) ? '' : answer;
  return answer.slice(open[0].length).replace(/\r?\n?\s{0,3}`{1,3}\s*$/, '');
}

export const withLineEnds = (text: string, eol: '\n' | '\r\n'): string => text.replaceAll(/\r\n?|\n/g, eol);

/** A whole selection that ended with its line goes on doing so, and one that did not gets no line more. */
export function likeSelection(answer: string, selected: string): string {
  return answer.slice(0, endOfText(answer)) + selected.slice(endOfText(selected));
}

/** Offset behind the last character that is no end of line. */
function endOfText(text: string): number {
  let at = text.length;
  while (at > 0 && (text[at - 1] === '\n' || text[at - 1] === '\r')) at -= 1;
  return at;
}
