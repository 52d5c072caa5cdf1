// Installed packages of a workspace: installation, the vendor folder's integrity, and the file lists that tools read.
export type { FetchDelivery } from './download.ts';
export { collectFilelists, installedPackages, writeFilelists } from './filelists.ts';
export type { CompileInput, Filelists } from './filelists.ts';
export { installDelivery } from './install.ts';
export type { InstallRequest, InstallState } from './install.ts';
export { listInstalled } from './list.ts';
export type { InstalledView } from './list.ts';
export { installFromRegistry, restoreAll } from './supply.ts';
export type { SupplyClient } from './supply.ts';
export { assertVendorIntact, verifyVendor } from './verify.ts';
export type { VendorProblem, VendorReport } from './verify.ts';
