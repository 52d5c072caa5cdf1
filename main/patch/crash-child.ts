// Started by crash.test.ts only: applies a patch (or undoes a job) and kills itself at the named point.
import { applyToWorkspace, undoJob } from './index.ts';

const [workspace = '', point = '', diff = '', action = 'apply'] = process.argv.slice(2);
const onPoint = (reached: string): void => {
  if (reached === point) process.kill(process.pid, 'SIGKILL');
};
if (action === 'undo') {
  await undoJob(workspace, 'job_1', { onPoint });
} else if (action === 'flip') {
  // turns the files to and fro until someone kills the process
  for (let turn = 0; ; turn += 1) {
    const [from, to] = turn % 2 === 0 ? ['old', 'new'] : ['new', 'old'];
    const flips = ['a', 'b', 'c'].map((name) => `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-${from}\n+${to}\n`).join('');
    await applyToWorkspace({ workspace, diff: flips });
    if (turn === 0) process.stdout.write('turning\n');
  }
} else {
  await applyToWorkspace({ workspace, diff, undoJob: 'job_1', onPoint });
}
