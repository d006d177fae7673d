import { expect } from 'chai'
import { type Scene, setScene } from '../../support/scene.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The same bytes, with other bits where decoding drops them. */
function respelled(text: string): string[] {
  const dropped = { 2: 16, 3: 4 }[text.length % 4] ?? 1
  const last = ALPHABET.indexOf(text.at(-1) ?? '')
  const start = last - (last % dropped)
  const others = Array.from({ length: dropped }, (_, at) => start + at).filter((at) => at !== last)
  return others.map((at) => text.slice(0, -1) + ALPHABET[at])
}

describe('A bearer token that means the same', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene()
  })
  after(() => scene.stop())

  const status = async (token: string) => (await scene.bearer(token)).status

  it('in another spelling of its signature is refused, before and after the good one', async () => {
    const good = scene.provider.accessToken()
    const signature = good.slice(good.lastIndexOf('.') + 1)
    const others = respelled(signature).map((other) => good.slice(0, -signature.length) + other)
    expect(others).not.to.deep.equal([])
    for (const other of others) {
      const [decoded, expected] = [other, good].map((token) => Buffer.from(token.split('.')[2] ?? '', 'base64url'))
      expect(decoded).to.deep.equal(expected)
      expect(await status(other)).to.equal(401)
    }
    expect(await status(good)).to.equal(200)
    for (const other of others) expect(await status(other)).to.equal(401)
  })

  it('with padding or blanks in it is refused', async () => {
    const good = scene.provider.accessToken()
    for (const other of [`${good}=`, `${good}==`, good.replace('.', '=.'), `.${good}`, `${good}.`, `${good}.x`])
      expect(await status(other)).to.equal(401)
  })

  for (const [what, text] of [
    ['sub', '"sub":"somebody-else",'],
    ['exp', '"exp":9999999999,'],
    ['aud', '"aud":"orders-api",'],
    ['a name in other letters', '"\\u0073ub":"somebody-else",'],
    ['a member inside', '"x":{"roles":[],"roles":["admin"]},'],
  ] as const)
    it(`or not, because a claim comes twice, is refused: ${what}`, async () => {
      const payload = (all: Record<string, unknown>) => JSON.stringify(all).replace('{', `{${text}`)
      expect(await status(scene.provider.accessToken({ payload }))).to.equal(401)
    })

  it('is taken however deep its claims are, while it is small', async () => {
    const payload = (all: Record<string, unknown>) =>
      JSON.stringify({ ...all, deep: 0 }).replace('"deep":0', `"deep":${'{"a":'.repeat(500)}1${'}'.repeat(500)}`)
    expect(await status(scene.provider.accessToken({ payload }))).to.equal(200)
  })
})
