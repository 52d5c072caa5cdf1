// The route of a workspace: its path, and the specification that was just chosen.
export function workspaceUrl(path: string, spec?: string): string {
  const query = new URLSearchParams({ path });
  if (spec !== undefined) query.set('spec', spec);
  return `/workspace?${query.toString()}`;
}
