// Lines of a text by their offsets; `\r\n`, `\n` and a lone `\r` end one.

/** Behind the line, its end mark included. */
export function lineEnd(text: string, at: number): number {
  for (let index = at; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 10) return index + 1;
    if (code === 13) return text.charCodeAt(index + 1) === 10 ? index + 2 : index + 1;
  }
  return text.length;
}

/** Where lines begin inside a stretch of a text, its own beginning left out. */
export function lineStarts(text: string, start: number, end: number): number[] {
  const starts: number[] = [];
  for (let at = start + 1; at < end; at += 1) {
    const code = text.charCodeAt(at - 1);
    if (code === 10 || (code === 13 && text.charCodeAt(at) !== 10)) starts.push(at);
  }
  return starts;
}

/** Nothing but blanks. */
export function isBlank(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 32 && code !== 0xfeff && code !== 0xa0) return false;
  }
  return true;
}

/** Behind sentences, inside a stretch. */
export function sentenceStarts(text: string, start: number, end: number): number[] {
  const starts: number[] = [];
  for (let index = start; index < end - 1; index += 1) {
    const code = text.charCodeAt(index);
    const wide = code === 0x3002 || code === 0xff01 || code === 0xff1f || code === 0xff1b;
    if (wide) starts.push(index + 1);
    else if ((code === 46 || code === 33 || code === 63 || code === 59) && text.charCodeAt(index + 1) === 32)
      starts.push(index + 2);
  }
  return starts.filter((at) => at < end);
}

/** Behind blanks, inside a stretch. */
export function wordStarts(text: string, start: number, end: number): number[] {
  const starts: number[] = [];
  for (let index = start + 1; index < end; index += 1)
    if (text.charCodeAt(index - 1) <= 32 && text.charCodeAt(index) > 32) starts.push(index);
  return starts;
}

/** Where no line end, sentence or word helps: every so many characters, no character cut in two. */
export function evenCuts(text: string, start: number, end: number, chars: number): number[] {
  const cuts: number[] = [];
  for (let at = start + chars; at < end; at += chars) {
    const code = text.charCodeAt(at);
    const inPair = (code >= 0xdc00 && code <= 0xdfff) || (code === 10 && text.charCodeAt(at - 1) === 13);
    if (inPair && at - 1 > start) at -= 1;
    cuts.push(at);
  }
  return cuts;
}
