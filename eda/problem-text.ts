// Diagnostics as lines that every editor's problem matcher reads: `file:line:column: severity: message [tool/code]`.
import type { Diagnostic } from '@genrtl/contracts';

/** gcc's form, which `$gcc` matchers take as it is. One line each, whatever the message holds. */
export function problemLine(diagnostic: Diagnostic): string {
  const { tool, severity, code, file, line, column, time, scope } = diagnostic;
  const place =
    file === undefined
      ? ''
      : `${[file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':')}: `;
  const where = [scope === undefined ? '' : `in ${scope}`, time === undefined ? '' : `at ${time}`]
    .filter((part) => part !== '')
    .join(' ');
  const message = diagnostic.message.replaceAll(/\s*[\r\n]+\s*/g, ' ');
  return `${place}${severity}: ${message}${where === '' ? '' : ` (${where})`} [${tool}${code === undefined ? '' : `/${code}`}]`;
}
