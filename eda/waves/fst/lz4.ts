// One block of LZ4, as FST files hold their declarations in (LZ4 block format, lz4.org).

/** Null for what is no block of that size: nothing beyond it is ever read or written. */
export function decodeLz4(input: Uint8Array, size: number): Uint8Array | null {
  // a byte says at most 255 times itself
  if (size > input.length * 255) return null;
  const output = new Uint8Array(size);
  let [from, to] = [0, 0];
  /** a length of 15 goes on in bytes, up to the first below 255 */
  const lengthOf = (short: number): number => {
    let length = short;
    for (let more = short === 15 ? 255 : 0; more === 255; length += more) more = input[from++] ?? 0;
    return length;
  };
  while (from < input.length) {
    const token = input[from++] ?? 0;
    const literals = lengthOf(token >> 4);
    if (from + literals > input.length || to + literals > size) return null;
    output.set(input.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    // the last sequence has literals only
    if (from >= input.length) break;
    const offset = (input[from] ?? 0) | ((input[from + 1] ?? 0) << 8);
    from += 2;
    const length = lengthOf(token & 15) + 4;
    if (offset === 0 || offset > to || to + length > size) return null;
    // byte by byte: what is copied may be what was just written
    for (let at = 0; at < length; at += 1) output[to + at] = output[to + at - offset] ?? 0;
    to += length;
  }
  return to === size ? output : null;
}
