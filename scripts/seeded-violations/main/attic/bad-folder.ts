// breaks: every-folder-has-its-floor
import path from 'node:path'; export default path;
