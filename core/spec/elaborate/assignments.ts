// Splits `NAME=value, NAME=value` as block parameters and checks write it.
import { quote } from '../quote.ts';

export interface AssignmentText {
  readonly name: string;
  readonly value: string;
}

/** Commas inside brackets, braces and quotes belong to a value. */
export function splitAssignments(
  text: string,
): { readonly list: readonly AssignmentText[] } | { readonly error: string } {
  const list: AssignmentText[] = [];
  for (const part of splitAtCommas(text)) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    const value = part.slice(equals + 1).trim();
    if (equals < 0 || name === '' || value === '') return { error: `${quote(part)} is not of the form name=value` };
    list.push({ name, value });
  }
  return { list };
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '(' || character === '[' || character === '{') depth += 1;
    else if (character === ')' || character === ']' || character === '}') depth -= 1;
    else if (character === ',' && depth <= 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}
