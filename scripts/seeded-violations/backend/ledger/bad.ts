// breaks: ledger-never-imports-http
export { x } from '../http/server.ts';
