// What carries a change of files besides Markdown: tags of agents' tools, commands of a shell that write a file, JSON
// strings, a terminal's colours. Each becomes the shape inside it, which is read like any other.

const OUTER = 'file|create_file|write_file|write_to_file|edit_file|replace_in_file|apply_diff|search_replace|artifact';
/** `<file path="src/a.sv">…</file>` */
const BY_ATTRIBUTE = new RegExp(
  String.raw`<(${OUTER})\b[^<>\n]{0,200}?\b(?:path|name|filename|file|title)\s*=\s*["']([^"'<>\n]{1,300})["'][^<>\n]{0,200}>([\s\S]*?)<\/\1>`,
  'g',
);
/** `<write_to_file><path>src/a.sv</path><content>…</content></write_to_file>` */
const BY_CHILD = new RegExp(
  String.raw`<(${OUTER})>\s*<(path|name|filename|file_path)>\s*([^<>\n]{1,300}?)\s*<\/\2>\s*<(content|contents|diff|code|text)>([\s\S]*?)<\/\4>[\s\S]{0,200}?<\/\1>`,
  'g',
);
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

function tagged(text: string): string | null {
  if (!/<(?:file|create_|write_|edit_|replace_|apply_|search_|artifact)/.test(text)) return null;
  return text
    .replace(BY_CHILD, (_all, _outer: string, _name: string, path: string, _inner: string, body: string) =>
      asFence(path, body),
    )
    .replace(BY_ATTRIBUTE, (_all, _outer: string, path: string, body: string) => asFence(path, body));
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
