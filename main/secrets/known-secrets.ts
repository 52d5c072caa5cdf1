// Values that must not leave the machine, by the names of the variables that hold them: a tool's log, a source or a
// note may repeat them.

const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL/i;

export function knownSecrets(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    SECRET_NAME.test(name) && value.length >= 8 ? [value] : [],
  );
}
