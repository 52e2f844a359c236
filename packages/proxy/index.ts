/** Sockets, TLS, pools, exchange, filters: a data plane that obeys a `ProxyConfig`. See README. */
export { type Admin, type AdminOptions, startAdmin } from './admin.ts';
export { defaultLimits, type Limits } from './limits.ts';
export type { BindAddress } from './listen.ts';
export type { ProxyOptions } from './options.ts';
export {
  type ApplyProblem,
  type ApplyResult,
  createProxy,
  type DrainOptions,
  type Proxy,
} from './proxy.ts';
export type { KeyPair, KeyStore } from './tls.ts';
