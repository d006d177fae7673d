import { type Case, tellRefusals } from './refusals.ts'

const cases: Case[] = [
  ['no name', 'realm', undefined, 'realm', /is missing; expected string/],
  ['the name of the server realm', 'realm', 'master', 'realm', /must not be "master"/],
  ['a name that is no path segment', 'realm', 'de/mo', 'realm', /use only letters/],
  ['a realm nobody switched on', 'enabled', undefined, 'enabled', /must be true/],
  ['a misspelt member', 'acessTokenLifespan', 300, '(the whole file)', /did you mean "accessTokenLifespan"\?/],
  ['text for a number', 'accessTokenLifespan', '300', 'accessTokenLifespan', /number/],
  ['a negative lifespan', 'accessTokenLifespan', -5, 'accessTokenLifespan', /must not be negative/],
  ['a token without life', 'accessTokenLifespan', 0, 'accessTokenLifespan', /at least one second/],
  ['tokens that outlive the session', 'accessTokenLifespan', 9_000, 'accessTokenLifespan', /outlive/],
  [
    'an idle time beyond the end',
    'ssoSessionIdleTimeout',
    40_000,
    'ssoSessionIdleTimeout',
    /longer than ssoSessionMaxL/,
  ],
  ['an unknown SSL rule', 'sslRequired', 'sometimes', 'sslRequired', /must be "none", "external" or "all"/],
  ['an unknown signature', 'defaultSignatureAlgorithm', 'HS256', 'defaultSignatureAlgorithm', /must be one of RS256/],
  ['an unknown event', 'enabledEventTypes', ['LOGIN', 'LOGIM_ERROR'], 'enabledEventTypes[1]', /no event type/],
  ['an unknown listener', 'eventsListeners', ['jbos-logging'], 'eventsListeners[0]', /did you mean "jboss-logging"\?/],
  ['a number as an attribute', 'attributes', { x: 1 }, 'attributes.x', /must be text in quotes/],
  ['mail without a sender', 'smtpServer', { host: 'mail' }, 'smtpServer', /needs "from"/],
  ['a masked mail password', 'smtpServer', { from: 'a@b', password: '****' }, 'smtpServer.password', /masked secret/],
  ['an unknown password rule', 'passwordPolicy', 'lenght(8)', 'passwordPolicy', /did you mean "length"\?/],
  ['a password rule without its number', 'passwordPolicy', 'length(many)', 'passwordPolicy', /needs a number/],
  ['an unknown password hash', 'passwordPolicy', 'hashAlgorithm(md5)', 'passwordPolicy', /no hash algorithm "md5"/],
  ['a password rule in another notation', 'passwordPolicy', 'length: 8', 'passwordPolicy', /cannot read "length: 8"/],
]

describe('A realm file is refused for its settings:', () => tellRefusals(cases))
