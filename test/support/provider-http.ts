import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { importJWK, type JWK, jwtVerify } from 'jose'
import type { Call, Endpoint } from './provider-script.ts'
import { the } from './the.ts'

/** Begins to listen on a port of 127.0.0.1; 0 picks one. A given port may be taken for a moment by a connection of others. */
export async function listen(server: Server, port: number): Promise<void> {
  for (;;) {
    server.listen(port, '127.0.0.1')
    const error = await once(server, 'listening').then(
      () => undefined,
      (thrown: NodeJS.ErrnoException) => thrown,
    )
    if (error === undefined) return
    if (error.code !== 'EADDRINUSE') throw error
    await pause(20)
  }
}

/** Stops listening and cuts every connection. */
export async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

/** Reads one call whole. */
export async function readCall(req: IncomingMessage, url: URL, endpoint: Endpoint): Promise<Call> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
  const { method = '', headers } = req
  return { endpoint, method, target: req.url ?? '', query: url.searchParams, form, headers }
}

export function send(
  res: ServerResponse,
  { status, headers, body }: { status: number; headers: Record<string, string>; body: string },
) {
  res.writeHead(status, headers).end(body)
}

/** The client id, when the client proved who it is in any of the three ways. */
export async function authenticateClient(
  { form, headers }: Call,
  issuer: string,
  clientKey: JWK | undefined,
): Promise<string | undefined> {
  const assertion = form.get('client_assertion')
  if (assertion !== null) {
    if (clientKey === undefined) return undefined
    const options = { audience: issuer, issuer: the.clientId, subject: the.clientId, requiredClaims: ['exp', 'jti'] }
    const verified = await jwtVerify(assertion, await importJWK(clientKey), options).catch(() => undefined)
    return verified === undefined ? undefined : the.clientId
  }
  const basic = /^Basic (.+)$/.exec(String(headers.authorization ?? ''))?.[1]
  const [id, secret] =
    basic === undefined
      ? [form.get('client_id'), form.get('client_secret')]
      : Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent)
  return id === the.clientId && secret === the.clientSecret ? id : undefined
}
