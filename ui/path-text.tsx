// A path in a place that may be too narrow for it: its end says which file it is, so the beginning gives way.
interface PathTextProps {
  /** may end in `:line` */
  readonly path: string;
  readonly className?: string;
  /** where nothing around tells the whole path */
  readonly title?: string;
}

export function PathText({ path, className, title }: PathTextProps) {
  return (
    <span className={className === undefined ? 'path-text' : `path-text ${className}`} title={title}>
      <bdi>{path}</bdi>
    </span>
  );
}
