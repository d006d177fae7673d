/**
 * What a team writes in an afternoon: express-session and connect-redis as they are, the tokens in the session, and
 * http-proxy-middleware as it is with the token added in its hook. No protection of any kind.
 */
import { RedisStore } from 'connect-redis'
import express, { type RequestHandler } from 'express'
import session from 'express-session'
import { createProxyMiddleware } from 'http-proxy-middleware'
import * as client from 'openid-client'
import { createClient } from 'redis'
import { fromEnvironment } from './from-environment.ts'
import { serve } from './serve.ts'

declare module 'express-session' {
  interface SessionData {
    verifier: string
    state: string
    user: { id: string; name: string; claims: object }
    tokens: { access: string; refresh: string | undefined; id: string | undefined }
  }
}

const publicUrl = fromEnvironment('PUBLIC_URL')
const redirectUri = `${publicUrl}/callback`
const provider = await client.discovery(
  new URL(fromEnvironment('ISSUER')),
  fromEnvironment('CLIENT_ID'),
  undefined,
  client.ClientSecretBasic(fromEnvironment('CLIENT_SECRET')),
  { execute: [client.allowInsecureRequests] },
)
const redis = createClient({ url: fromEnvironment('REDIS_URL') })
await redis.connect()

const login: RequestHandler = async (req, res) => {
  req.session.verifier = client.randomPKCECodeVerifier()
  req.session.state = client.randomState()
  const url = client.buildAuthorizationUrl(provider, {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state: req.session.state,
    code_challenge: await client.calculatePKCECodeChallenge(req.session.verifier),
    code_challenge_method: 'S256',
  })
  res.redirect(url.href)
}

const callback: RequestHandler = async (req, res) => {
  const { verifier = '', state = '' } = req.session
  const tokens = await client.authorizationCodeGrant(provider, new URL(publicUrl + req.url), {
    pkceCodeVerifier: verifier,
    expectedState: state,
  })
  const claims = tokens.claims() ?? { sub: '', name: '' }
  await new Promise((resolve) => req.session.regenerate(resolve))
  req.session.user = { id: claims.sub, name: String(claims.name), claims }
  req.session.tokens = { access: tokens.access_token, refresh: tokens.refresh_token, id: tokens.id_token }
  res.redirect('/')
}

const signedIn: RequestHandler = (req, res, next) => {
  if (req.session.user === undefined) res.status(401).json({ error: 'please sign in' })
  else next()
}

const app = express()
app.use(
  session({
    store: new RedisStore({ client: redis }),
    secret: fromEnvironment('SESSION_SECRET'),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax' },
  }),
)
app.get('/login', login)
app.get('/callback', callback)
app.use(
  signedIn,
  createProxyMiddleware<express.Request, express.Response>({
    target: fromEnvironment('UPSTREAM'),
    on: {
      proxyReq(proxyReq, req) {
        proxyReq.setHeader('Authorization', `Bearer ${req.session.tokens?.access}`)
        proxyReq.removeHeader('Cookie')
      },
    },
  }),
)
serve(app)
