// breaks: sql-in-repositories-only
import pg from 'pg'; export default pg;
