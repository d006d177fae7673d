/** One thing wrong with a realm file: where it is (`clients[0].redirectUris[1]`) and what to do about it. */
export type Problem = { path: string; message: string }

/** Writes a JSON path the way people read it: `users[2].clientRoles["orders-api"]`. */
export function jsonPath(segments: readonly PropertyKey[]): string {
  let path = ''
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`
    else if (/^[A-Za-z_]\w*$/.test(String(segment))) path += path === '' ? String(segment) : `.${String(segment)}`
    else path += `[${JSON.stringify(String(segment))}]`
  }
  return path === '' ? '(the whole file)' : path
}
