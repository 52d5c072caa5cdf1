// Reads one number out of what a process serves to Prometheus.

/** null where there is no such series; labels in any order, all of them named. */
export function metric(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number | null {
  const wanted = Object.entries(labels)
    .map(([key, value]) => `${key}="${value}"`)
    .sort()
    .join();
  for (const [, series, body, value] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const found = [...(body ?? '').matchAll(/\w+="[^"]*"/g)].map(([pair]) => pair);
    if (series === name && found.sort().join() === wanted) return Number(value);
  }
  return null;
}
