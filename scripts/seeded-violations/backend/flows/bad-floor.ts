// breaks: floor-backend-4
export { x } from '../http/server.ts';
