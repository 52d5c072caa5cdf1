// breaks: electron-in-its-shell-only
import { app } from 'electron'; export default app;
