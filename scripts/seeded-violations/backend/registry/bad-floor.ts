// breaks: floor-backend-3
export { x } from '../http/server.ts';
