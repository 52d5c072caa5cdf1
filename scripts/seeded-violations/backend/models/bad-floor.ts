// breaks: floor-backend-2
export { x } from '../http/server.ts';
