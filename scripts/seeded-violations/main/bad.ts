// breaks: main-does-not-import-backend-or-page
export { x } from '../backend/http/server.ts';
