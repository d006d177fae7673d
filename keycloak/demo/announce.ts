import type { Realm } from '../realm-schema.ts'

type Person = { name: string; password: string; about: string }

const descriptions: Record<string, string> = {
  admin: 'may also look into the gateway: /cache/info',
  customer: 'may see and place orders',
}

function about(roles: string[]): string {
  const known = Object.keys(descriptions).find((role) => roles.includes(role))
  return known ? (descriptions[known] ?? '') : 'may sign in, but the orders API refuses'
}

/** The people of the realm file who can sign in, with their passwords. */
export function demoPeople({ users = [] }: Pick<Realm, 'users'>): Person[] {
  return users.flatMap(({ username = '', credentials, realmRoles = [] }) => {
    const password = credentials?.find((one) => one.type === 'password')?.value
    return password ? [{ name: username, password, about: about(realmRoles) }] : []
  })
}

/** What is told when everything runs. */
export type Announcement = {
  publicUrl: string
  issuer: string
  people: Person[]
  service: { id: string; secret: string }
  /** Where sessions and people are kept, in words. */
  kept: string
}

/** The one block that tells where to go, as whom, what to try and how to stop. */
export function announcement({ publicUrl, issuer, people, service, kept }: Announcement): string {
  const width = (member: 'name' | 'password') => Math.max(...people.map((person) => person[member].length))
  const rows = people.map(
    ({ name, password, about: what }) =>
      `    ${name.padEnd(width('name'))}   ${password.padEnd(width('password'))}   ${what}`,
  )
  return `
  Cloakroom is ready:  ${publicUrl}

  Sign in as (name, password)
${rows.join('\n')}

  What to try
    - Open ${publicUrl}, sign in as ${people[0]?.name ?? 'somebody'}, place an order, and look for a token in
      the browser's tools: there is only one cookie.
    - Sign in as ada and open ${publicUrl}/cache/info
    - Call the API as a program, with a token of its own:

      TOKEN=$(curl -s -u ${service.id}:${service.secret} -d grant_type=client_credentials \\
        ${issuer}/protocol/openid-connect/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
      curl -H "Authorization: Bearer $TOKEN" ${publicUrl}/api/orders

  ${kept}
  LOG_LEVEL=info npm run demo also shows a line for each request. Stop with Ctrl-C.
`
}
