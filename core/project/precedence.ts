// Settings by precedence: whoever stands closer to the work decides. Flags and environment are the caller's.
import type { ProjectFile, UserSettings, Waiver } from '@genrtl/contracts';

/** What `.genRTL/settings.json` may say. */
export type WorkspaceSettings = { readonly [Key in keyof UserSettings]?: UserSettings[Key] | undefined } & {
  readonly waive: readonly Waiver[];
};

/** The workspace's own settings before the project file, before the person's; not yet checked as a whole. */
export function effectiveSettings(
  user: UserSettings,
  project: ProjectFile | null,
  workspace: WorkspaceSettings,
): Readonly<Record<string, unknown>> {
  const { waive: _waive, ...own } = workspace;
  return { ...user, ...(project?.min_strength === undefined ? {} : { min_strength: project.min_strength }), ...own };
}

/** Everybody's waivers count; the workspace's own stand first, and the first of a thing is the one that is shown. */
export function effectiveWaivers(project: ProjectFile | null, workspace: WorkspaceSettings): Waiver[] {
  return [...workspace.waive, ...(project?.waive ?? [])];
}
