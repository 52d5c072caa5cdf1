// breaks: floor-backend-6
export { x } from '../http/server.ts';
