// breaks: floor-backend-5
export { x } from '../http/server.ts';
