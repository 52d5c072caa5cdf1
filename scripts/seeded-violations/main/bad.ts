// breaks: area-main
export { x } from '../backend/http/server.ts';
