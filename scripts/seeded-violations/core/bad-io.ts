// breaks: core-does-no-io
import fs from 'node:fs'; export default fs;
