/** A call that did not succeed, with a sentence for people. `status` is 0 when the gateway could not be reached. */
export class CallFailed extends Error {
  constructor(status, message, code) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** The sentence in an error of the gateway's envelope or of the API behind it. */
function sentenceIn(body, status) {
  const own = body?.error?.message ?? body?.message
  const details = body?.problems ? ` ${Object.values(body.problems).join(' ')}` : ''
  return own ? `${own}${details}` : `The answer was ${status}, without an explanation.`
}

/**
 * Calls the gateway and reads JSON. Every changing call carries the header that a form on another site cannot send.
 * @throws {CallFailed}
 */
export async function call(path, { method = 'GET', body } = {}) {
  const headers = { Accept: 'application/json' }
  if (method !== 'GET') headers['X-CSRF'] = '1'
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  let answer
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
  } catch {
    throw new CallFailed(0, 'The gateway does not answer. Is the demo still running?')
  }
  const json = await answer.json().catch(() => undefined)
  if (answer.ok) return json
  throw new CallFailed(answer.status, sentenceIn(json, answer.status), json?.error?.code)
}
