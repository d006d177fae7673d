import type { Request, Response } from 'express'
import { errorPage } from '../pages/error-page.ts'
import type { LiveRealm } from './live-realm.ts'
import { providerCookies } from './realm-provider.ts'

/**
 * Lets oidc-provider answer this request as if the browser had asked for another address below the realm.
 * @param path path and query below `/realms/<realm>`
 * @param interaction the login to go on with, when there is one
 */
export async function handToProvider(live: LiveRealm, req: Request, res: Response, path: string, interaction?: string) {
  const provider = await live.provider()
  if (res.getHeader('Cache-Control') === undefined) {
    res.set('Cache-Control', 'no-store, must-revalidate, max-age=0')
  }
  req.method = 'GET'
  req.url = path
  req.originalUrl = `/realms/${live.realm.name}${path}`
  if (interaction) {
    req.headers.cookie = [req.headers.cookie, `${providerCookies.resume}=${interaction}`].filter(Boolean).join('; ')
  }
  try {
    await provider.callback()(req, res)
  } catch (error) {
    console.error(`Stand-in, realm ${live.realm.name}: the authorization endpoint failed.`, error)
    if (!res.headersSent)
      res
        .status(500)
        .type('html')
        .send(errorPage({ realm: live.realm, message: 'Internal error' }))
  }
}
