import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ask } from './ask.ts'
import { freePort } from './free-port.ts'
import { type Part, startPart } from './part.ts'

export interface Upstream extends Part {
  readonly port: number
  /** Requests it has answered since it began. */
  requestsServed(): Promise<number>
}

/** What the measured calls get: a small JSON document, as APIs answer. */
const ORDER = JSON.stringify({
  id: '7',
  customer: 'Ada Lovelace',
  status: 'on its way',
  items: [
    { sku: 'umbrella-black', quantity: 1, price: '24.90' },
    { sku: 'coat-hanger-oak', quantity: 4, price: '7.50' },
  ],
  total: '54.90',
  currency: 'EUR',
})

/** nginx as the API behind the gateway: it costs next to nothing, so what is measured is the gateway. */
export async function startNginx(folder: string, core: number): Promise<Upstream> {
  const port = await freePort()
  const config = join(folder, 'nginx.conf')
  await mkdir(join(folder, 'nginx'))
  await writeFile(config, nginxConfig(port, join(folder, 'nginx')))
  const part = await startPart({
    name: 'nginx',
    core,
    command: ['nginx', '-p', folder, '-c', config, '-e', join(folder, 'nginx-error.log')],
    isReady: async () => (await ask({ port, path: '/served' })).status === 200,
  })
  return {
    ...part,
    port,
    async requestsServed() {
      const { body } = await ask({ port, path: '/served' })
      // The third number of nginx's stub_status: accepts, handled, requests.
      const counted = /\n\s*\d+\s+\d+\s+(\d+)/.exec(body)?.[1]
      if (counted === undefined) throw new Error('nginx does not say how many requests it has served (stub_status).')
      return Number(counted)
    },
  }
}

function nginxConfig(port: number, temp: string): string {
  const tempPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${temp}/${name};`)
    .join('\n')
  return `daemon off;
worker_processes 1;
pid ${temp}/nginx.pid;
events { worker_connections 4096; }
http {
${tempPaths}
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 75s;
  default_type application/json;
  large_client_header_buffers 4 16k;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { return 200 '${ORDER}'; }
    location = /served { stub_status; }
    location = /api/echo {
      return 200 '{"authorization":"$http_authorization","cookie":"$http_cookie","user":"$http_x_user_id","roles":"$http_x_user_roles"}';
    }
  }
}
`
}
