// What carries a change of files besides Markdown: tags of agents' tools, commands of a shell that write a file, JSON
// strings, a terminal's colours. Each becomes the shape inside it, which is read like any other.

/** `<file path="src/a.sv">…</file>`, `<write_to_file><path>src/a.sv</path><content>…</content></write_to_file>` */
const OUTER =
  /<(file|create_file|write_file|write_to_file|edit_file|replace_in_file|apply_diff|search_replace|artifact)(\s[^<>\n]{0,500})?>/g;
const NAMED = /\b(?:path|name|filename|file|title)\s*=\s*["']([^"'<>\n]{1,300})["']/;
const CHILD_PATH = /^\s*<(path|name|filename|file_path)>\s*([^<>\n]{1,300}?)\s*<\/\1>\s*/;
const CHILD_TEXT = /^<(content|contents|diff|code|text)>/;
const HEREDOC =
  /^[ \t]*(?:cat|tee)[ \t]+(?:>[ \t]*(\S{1,300})[ \t]+<<-?[ \t]*(['"]?)(\w{1,40})\2|(\S{1,300})[ \t]+<<-?[ \t]*(['"]?)(\w{1,40})\5(?:[ \t]*>[ \t]*\/dev\/null)?|<<-?[ \t]*(['"]?)(\w{1,40})\7[ \t]*>[ \t]*(\S{1,300}))[ \t]*\n/gm;

/** Every reading that differs from the answer as it came. */
export function carriedAnswers(answer: string): string[] {
  const text = answer.replaceAll('\r\n', '\n');
  const found = [tagged(text), ofShell(text), ofStrings(text), withoutColours(text)];
  return found.filter((one) => one !== null && one !== text) as string[];
}

/** A file as Markdown: its path, and its text in a fence that nothing inside of it ends. */
function asFence(path: string, text: string): string {
  const inner = text
    .replace(/^\s*<!\[CDATA\[/, '')
    .replace(/\]\]>\s*$/, '')
    .replace(/^[ \t]*\n/, '');
  const body = inner.endsWith('\n') || inner === '' ? inner : `${inner.replace(/[ \t]+$/, '')}\n`;
  // what holds a shape of its own, or a fence, stands as it is
  if (/^(?:<{5,9} ?SEARCH|-{5,9} SEARCH|--- |\*\*\* |\s*[`~]{3})/m.test(body)) return `\n${path}\n${body}\n`;
  return `\n${path}\n\`\`\`\n${body}\`\`\`\n`;
}

/** Each tag with its end, found once from where it begins: linear in the length of the answer. */
function tagged(text: string): string | null {
  const parts: string[] = [];
  const endless = new Set<string>();
  let from = 0;
  OUTER.lastIndex = 0;
  for (let match = OUTER.exec(text); match !== null; match = OUTER.exec(text)) {
    const [whole, tag = '', attributes = ''] = match;
    const start = match.index + whole.length;
    const end = endless.has(tag) ? -1 : text.indexOf(`</${tag}>`, start);
    if (end < 0) {
      endless.add(tag);
      continue;
    }
    const file = fileIn(attributes, text.slice(start, end));
    if (file === null) continue;
    parts.push(text.slice(from, match.index), asFence(file.path, file.text));
    from = end + tag.length + 3;
    OUTER.lastIndex = from;
  }
  return from === 0 ? null : `${parts.join('')}${text.slice(from)}`;
}

function fileIn(attributes: string, inner: string): { path: string; text: string } | null {
  const named = NAMED.exec(attributes)?.[1];
  if (named !== undefined) return { path: named, text: inner };
  const path = CHILD_PATH.exec(inner.slice(0, 1000));
  const rest = path === null ? '' : inner.slice(path[0].length);
  const opened = CHILD_TEXT.exec(rest.slice(0, 20));
  if (path?.[2] === undefined || opened === null) return null;
  const end = rest.lastIndexOf(`</${opened[1] ?? ''}>`);
  return end < 0 ? null : { path: path[2], text: rest.slice(opened[0].length, end) };
}

/** `cat > src/a.sv <<'EOF'` … `EOF`, in a fence or bare. */
function ofShell(text: string): string | null {
  let made = '';
  let from = 0;
  HEREDOC.lastIndex = 0;
  for (let match = HEREDOC.exec(text); match !== null; match = HEREDOC.exec(text)) {
    const path = (match[1] ?? match[4] ?? match[9] ?? '').replace(/["']/g, '');
    const [word, quote] = [match[3] ?? match[6] ?? match[8] ?? '', match[2] ?? match[5] ?? match[7] ?? ''];
    const end = `\n${text}`.indexOf(`\n${word}\n`, HEREDOC.lastIndex);
    const last = text.endsWith(`\n${word}`) ? text.length - word.length : -1;
    const stop = end >= 0 ? end : last;
    if (stop < 0) break;
    const body = text.slice(HEREDOC.lastIndex, stop);
    // without quotes the shell takes backslashes before these away
    made += asFence(path, quote === '' ? body.replaceAll(/\\([$`\\])/g, '$1') : body);
    from = stop + word.length;
    HEREDOC.lastIndex = from;
  }
  // what stands beside the commands is no file
  return made === '' ? null : made;
}

/** The answer as one JSON string, a diff whose line breaks are written `\n`, or a command's arguments. */
function ofStrings(text: string): string | null {
  const trimmed = text.trim();
  if (/^"[^\n]*"$/.test(trimmed)) {
    const inner = parsed(trimmed);
    return typeof inner === 'string' ? inner : null;
  }
  const command = /\[\s*"apply_patch"\s*,\s*("(?:[^"\\\n]|\\.)*")\s*\]/.exec(trimmed)?.[1];
  if (command !== undefined) {
    const inner = parsed(command);
    return typeof inner === 'string' ? inner : null;
  }
  if (!trimmed.includes('\n') && /^(?:--- |diff --git |\*\*\* Begin Patch)/.test(trimmed) && trimmed.includes('\\n')) {
    const inner = parsed(`"${trimmed.replaceAll(/(?<!\\)"/g, '\\"')}"`);
    return typeof inner === 'string' ? `${inner}\n` : null;
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function withoutColours(text: string): string | null {
  // eslint-disable-next-line no-control-regex
  return text.includes('\u001b[') ? text.replaceAll(/\u001b\[[\d;]*[mK]/g, '') : null;
}
