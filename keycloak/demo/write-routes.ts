import { writeFile } from 'node:fs/promises'

/** The routes of the demo gateway, for an API that got a free port at start. */
export function demoRoutes(apiUrl: string): string {
  return `# Written by the demo at each start, because the demo API takes any free port.
routes:
  - id: orders
    path: /api/orders
    upstream: ${apiUrl}/orders
    stripPath: true
    auth: [session, bearer]
    methods: [GET, POST]
    require: { roles: ['realm:customer'] }
    token: relay
  - id: whoami
    path: /api/whoami
    upstream: ${apiUrl}/whoami
    stripPath: true
    auth: [session]
    methods: [GET]
    token: relay
  - id: events
    path: /api/events
    upstream: ${apiUrl}/events
    stripPath: true
    auth: [session]
    methods: [GET]
    token: relay
    timeout: 3600
  - id: page
    path: /
    upstream: ${apiUrl}
    auth: none
    methods: [GET]
    token: none
`
}

/** Writes them to a file. */
export const writeRoutes = (file: string, apiUrl: string) => writeFile(file, demoRoutes(apiUrl))
