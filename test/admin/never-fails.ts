import { expect } from 'chai'
import fc from 'fast-check'
import type { ServedDesk } from './serve-desk.ts'

interface Guesses {
  paths: readonly string[]
  /** Members that bodies have; some that the endpoints know. */
  members: readonly string[]
  /** Besides any JSON. */
  values: readonly unknown[]
}

/** Whatever is written to these paths is answered, by a code where it is refused, and never a failure of ours. */
export async function neverFails({ ask }: Pick<ServedDesk, 'ask'>, { paths, members, values }: Guesses): Promise<void> {
  const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...values))
  const bodies = fc.oneof(fc.dictionary(fc.constantFrom(...members), value, { maxKeys: 3 }), fc.jsonValue())
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'),
      fc.constantFrom(...paths),
      bodies,
      async (method, path, body) => {
        const answer = await ask(method, path, body ?? {})
        expect(answer.status, JSON.stringify(answer.body)).to.be.lessThan(500)
        if (answer.status >= 400) expect(answer.body.error.code).to.match(/^[A-Z_]+$/)
      },
    ),
    { numRuns: 150 },
  )
}
