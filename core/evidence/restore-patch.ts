// Puts back what was taken out of sources before a model saw them, in the patch that it wrote against them.

/** `originals`: for each path, what stood where a stand-in stands (see redactCode). */
export function restorePatch(patch: string, originals: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  if (originals.size === 0) return patch;
  let standIns: ReadonlyMap<string, string> | undefined;
  const lines = patch.split('\n');
  return lines
    .map((line, at) => {
      const [next = '', afterNext = ''] = [lines[at + 1], lines[at + 2]];
      // three lines make a header: a removed VHDL comment begins with `---` too
      if (line.startsWith('--- ') && next.startsWith('+++ ') && afterNext.startsWith('@@'))
        standIns = originals.get(pathOf(line)) ?? originals.get(pathOf(next));
      else if (standIns !== undefined && /^[ +-]/.test(line) && !line.startsWith('+++ '))
        for (const [standIn, original] of standIns) line = line.replaceAll(standIn, () => original);
      return line;
    })
    .join('\n');
}

const pathOf = (header: string): string => (header.slice(4).split('\t', 1)[0] ?? '').replace(/^[ab]\//, '').trim();
