// Finds the JSON object in an answer: bare, in a Markdown fence, or with prose around it.

export type JsonAnswer =
  | { readonly found: true; readonly value: unknown }
  | { readonly found: false; readonly problem: string };

/** Local reasoning models print their thoughts first. */
export function withoutThoughts(answer: string): string {
  const start = answer.trimStart();
  if (!start.startsWith('<think>')) return answer;
  const end = start.indexOf('</think>');
  return end < 0 ? answer : start.slice(end + '</think>'.length);
}

export function jsonAnswer(answer: string): JsonAnswer {
  const text = withoutThoughts(answer).trim();
  const whole = parse(text);
  if (whole.found) return whole;
  const start = text.indexOf('{');
  if (start < 0) return { found: false, problem: 'The answer holds no JSON object.' };
  const end = endOfObject(text, start);
  if (end < 0) return { found: false, problem: 'The JSON object is not closed.' };
  return parse(text.slice(start, end));
}

function parse(text: string): JsonAnswer {
  try {
    return { found: true, value: JSON.parse(text) };
  } catch (error) {
    return {
      found: false,
      problem: `The answer is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}.`,
    };
  }
}

/** Position after the brace that closes the one at `start`, or -1; braces inside strings do not count. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}
