import { expect } from 'chai'
import {
  PUBLIC_SESSION_ID,
  publicSessionId,
  publicSsoSessionId,
} from '../../../src/identity/session/public-session-id.ts'

describe('The public id of a session', () => {
  it('is always the same, of one shape, and its own for every session and kind', () => {
    const ids = ['a', 'b', '', 'sso-a'].flatMap((id) => [publicSessionId(id), publicSsoSessionId(id)])
    expect(new Set(ids).size).to.equal(ids.length)
    for (const id of ids) expect(id).to.match(PUBLIC_SESSION_ID)
    expect(publicSessionId('a')).to.equal(publicSessionId('a'))
  })

  it('shows nothing of the id', () => {
    const id = 'Q0zVq3-an-id-of-express-session_'
    for (const shown of [publicSessionId(id), publicSsoSessionId(id)]) expect(shown).not.to.include(id.slice(0, 6))
  })
})
