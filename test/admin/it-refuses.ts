import { expect } from 'chai'
import { type ServedDesk, wrongFields } from './serve-desk.ts'

/** What is wrong, the call it comes in, and the fields that are named for it, in their order. */
export type BadInput = [what: string, method: string, path: string, body: unknown, ...fields: string[]]

/**
 * A test for each row: refused, naming exactly these fields, each with what is wrong with it.
 * @param desk as it is when the test runs
 * @param nothingDone looks whether anything was done all the same
 */
export function itRefuses(
  rows: readonly BadInput[],
  desk: () => Pick<ServedDesk, 'ask'>,
  nothingDone: () => void,
): void {
  for (const [what, method, path, body, ...fields] of rows)
    it(`${what}: ${method} ${path.slice(0, 60)}`, async () => {
      const answer = await desk().ask(method, path, body)
      expect([answer.status, answer.body.error.code], JSON.stringify(answer.body)).to.deep.equal([
        400,
        'INVALID_REQUEST',
      ])
      expect(wrongFields(answer)).to.deep.equal(fields)
      for (const { problem } of answer.body.error.details.fields) expect(problem).to.match(/^\S.*[^.]$/)
      nothingDone()
    })
}

type Call = readonly [method: string, path: string, body?: unknown]

/** All of these calls are answered with this code. */
export async function expectEach(
  calls: readonly Call[],
  { ask }: Pick<ServedDesk, 'ask'>,
  [status, code]: readonly [status: number, code: string],
): Promise<void> {
  for (const [method, path, body] of calls) {
    const answer = await ask(method, path, body)
    expect([answer.status, answer.body.error?.code], `${method} ${path}`).to.deep.equal([status, code])
  }
}
