// The name of a signal without its path and select.

/** `q` of `tb.dut.q[3:0]`. */
export function baseName(signal: string): string {
  const path = signal.split('[')[0] ?? '';
  return path.split('.').at(-1) ?? '';
}
