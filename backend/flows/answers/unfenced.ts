// A replacement that a model wrapped in a code fence although it was told not to.

/** Without one fence around the whole, unless what is replaced has one itself. */
export function unfenced(answer: string, replaced: string): string {
  const lines = answer.trim().split('\n');
  const mark = /^(`{3,}|~{3,})/.exec(lines[0] ?? '')?.[1];
  if (mark === undefined || lines.length < 2 || lines.at(-1)?.trim() !== mark) return answer;
  const inner = lines.slice(1, -1);
  const isFence = (line: string): boolean => line.trimStart().startsWith(mark.slice(0, 3));
  if (inner.some(isFence) || replaced.split('\n').some(isFence)) return answer;
  return inner.join('\n');
}
