// What reasoning models print before their answer, and marks of chat templates that leak into it.

const OPENED = /^\s*<(think|thinking|thought|reasoning)>/i;
const CLOSED = /<\/(?:think|thinking|thought|reasoning)>/gi;
/** Harmony's channels: the answer stands behind the last `final`. */
const FINAL_CHANNEL = /<\|channel\|>\s*final\s*(?:<\|[a-z_]+\|>[^<]{0,40})?<\|message\|>/gi;
const MARKS = /<\|(?:im_start|im_end|start|end|return|eot_id|endoftext|message|channel)\|>(?:assistant\b)?/g;

/**
 * The answer without the thoughts before it. Servers often swallow the opening mark, so a closing one alone ends them
 * too, when it stands before any answer; thoughts without an end are no thoughts.
 */
export function withoutThoughts(answer: string): string {
  return withoutBlock(withoutChannels(answer));
}

function withoutChannels(answer: string): string {
  if (!answer.includes('<|')) return answer;
  let from = -1;
  FINAL_CHANNEL.lastIndex = 0;
  for (let match = FINAL_CHANNEL.exec(answer); match !== null; match = FINAL_CHANNEL.exec(answer))
    from = FINAL_CHANNEL.lastIndex;
  if (from >= 0) return answer.slice(from).replace(MARKS, '');
  // marks at the two ends only: in between they may be the text of a file
  const trimmed = answer.trim();
  const start = /^(?:<\|(?:im_start|start)\|>(?:assistant\b)?\s*(?:<\|message\|>)?)+/.exec(trimmed)?.[0] ?? '';
  const rest = trimmed.slice(start.length);
  const end = /(?:<\|(?:im_end|end|return|eot_id|endoftext)\|>\s*)+$/.exec(rest)?.[0] ?? '';
  return start === '' && end === '' ? answer : rest.slice(0, rest.length - end.length);
}

function withoutBlock(answer: string): string {
  const opened = OPENED.test(answer.slice(0, 2000));
  let end = -1;
  CLOSED.lastIndex = 0;
  for (let match = CLOSED.exec(answer); match !== null; match = CLOSED.exec(answer)) {
    end = CLOSED.lastIndex;
    // an answer that was begun already holds the mark as its own text
    if (opened || !/^(?:--- |\+\+\+ |@@ |```)/m.test(answer.slice(0, match.index))) break;
    return answer;
  }
  if (end < 0) return answer;
  const rest = answer.slice(end).replace(/^\s*\n/, '');
  return OPENED.test(rest.slice(0, 200)) ? withoutBlock(rest) : rest;
}
