// breaks: floor-backend-1
export { x } from '../http/server.ts';
