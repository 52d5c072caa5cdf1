// breaks: contracts-use-zod-only
import path from 'node:path'; export default path;
