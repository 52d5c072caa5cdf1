// An answer in parts that are drawn once each: while it streams only the last one changes.

const LIMIT = 64_000;

/** Cuts at blank lines outside of code blocks, before a line that is not indented. Joined they give the text. */
export function answerParts(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let fence: string | null = null;
  let blank = false;
  let at = 0;
  for (const line of text.slice(0, LIMIT).split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    const opens = fence === null && mark !== undefined;
    // what begins here belongs to nothing above it
    if (blank && fence === null && /^[^\s>|]/.test(line) && !/^(?:[-*+]|\d{1,9}[.)]) /.test(line) && at > from) {
      parts.push(text.slice(from, at));
      from = at;
    }
    if (opens) fence = mark;
    else if (fence !== null && mark !== undefined && mark.startsWith(fence) && /^\s*[`~]+\s*$/.test(line)) fence = null;
    blank = fence === null && line.trim() === '';
    at += line.length + 1;
  }
  parts.push(text.slice(from, LIMIT));
  return parts;
}
