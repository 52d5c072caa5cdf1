// What a description says of a reset's level and timing.

/** `description` in lower case; nothing where it does not speak of a reset. */
export function resetWords(description: string): { active?: 'low' | 'high'; async?: boolean } {
  if (!/reset|复位/.test(description)) return {};
  const active = /active[ -]?low|低电平有效|低有效/.test(description)
    ? 'low'
    : /active[ -]?high|高电平有效|高有效/.test(description)
      ? 'high'
      : undefined;
  const async = /asynchronous|\basync\b|异步/.test(description)
    ? true
    : /synchronous|\bsync\b|同步/.test(description)
      ? false
      : undefined;
  return { ...(active === undefined ? {} : { active }), ...(async === undefined ? {} : { async }) };
}
