// breaks: child-process-in-listed-places
import cp from 'node:child_process'; export default cp;
