import type { Realm } from '../realm-schema.ts'
import type { RunningKeycloak } from './start-keycloak.ts'

/** What a person needs to know once the server is ready. Passwords are shown only when they are published demo ones. */
export function welcome(server: RunningKeycloak, realm: Realm, { created }: { created: boolean }): string {
  const users = (realm.users ?? []).filter(({ serviceAccountClientId }) => serviceAccountClientId === undefined)
  const state = created ? 'imported now' : 'was there already; npm run keycloak:apply brings it to the file'
  const lines: [string, string][] = [
    ['Server', server.url],
    ['Realm', `${realm.realm} (${state})`],
    ['Issuer', `${server.url}/realms/${realm.realm}`],
    [
      'Console',
      `${server.url}/admin/master/console/#/${realm.realm} (${server.adminUser} / ${shown(server.adminPassword)})`,
    ],
    ...users.map((user, index): [string, string] => [
      index === 0 ? 'Users' : '',
      `${user.username} / ${passwordOf(user)}`,
    ]),
    ['Log', server.logFile],
  ]
  return [
    '',
    'Keycloak is ready.',
    ...lines.map(([name, value]) => `  ${name.padEnd(8)} ${value}`),
    '',
    'Stop it with Ctrl+C.',
  ].join('\n')
}

function passwordOf({ credentials }: NonNullable<Realm['users']>[number]): string {
  return shown(credentials?.find(({ type }) => type === 'password')?.value ?? '')
}

function shown(password: string): string {
  return password === 'admin' || password.includes('demo') ? password : 'the password you have set'
}
