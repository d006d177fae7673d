/** What each group of source files protects from; only what a proxy would not do at all if it trusted everybody. */
export const HARDENED: Readonly<Record<string, RegExp>> = {
  'path, request line, expectation': /\/src\/edge\/(request-target|request-line|expectation|slow-clients)\.ts$/,
  'request headers built anew': /\/src\/proxy\/(request-headers|header-rules|identity-headers)\.ts$/,
  'answer headers built anew': /\/src\/proxy\/response-headers\.ts$/,
  'host, origin, forgery': /\/src\/edge\/(host-check|cors|csrf|client-address)\.ts$/,
  'security headers': /\/src\/edge\/security-headers\.ts$/,
}
