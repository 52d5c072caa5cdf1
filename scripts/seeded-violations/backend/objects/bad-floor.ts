// breaks: floor-backend-0
export { x } from '../http/server.ts';
