import { readFileSync } from 'node:fs'

export const DEMO_FILE = 'keycloak/realms/demo-realm.json'
export const demoText = readFileSync(DEMO_FILE, 'utf8')

/**
 * The demo realm with one value replaced, or taken out by `undefined`. Members of lists are called by their name, client id
 * or user name: `clients/cloakroom/secret`.
 */
export function spoil(path: string, value: unknown): string {
  const realm: unknown = JSON.parse(demoText)
  const segments = path.split('/')
  const last = segments.pop() ?? ''
  const parent = segments.reduce(step, realm)
  if (typeof parent !== 'object' || parent === null) throw new Error(`the demo realm has no ${path}`)
  Reflect.set(parent, last, value)
  return JSON.stringify(realm)
}

function step(node: unknown, segment: string): unknown {
  if (Array.isArray(node)) {
    return node.find((item) => [item.name, item.clientId, item.username].includes(segment)) ?? node[Number(segment)]
  }
  return typeof node === 'object' && node !== null ? Reflect.get(node, segment) : undefined
}
