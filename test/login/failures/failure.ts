import type { ScriptedProvider } from '../../support/scripted-provider.ts'

/** One way in which a sign-in fails, and how the gateway has to put it. */
export interface Failure {
  what: string
  arrange?: (provider: ScriptedProvider) => unknown
  /** Changes the address the provider sends the browser back to. */
  tamper?: (callback: URL) => void
  status: number
  code: string
}

export const FOREIGN = { status: 400, code: 'LOGIN_STATE_INVALID' }
export const REJECTED = { status: 400, code: 'LOGIN_REJECTED' }
export const DENIED = { status: 403, code: 'LOGIN_DENIED' }
export const UNTRUSTED = { status: 502, code: 'LOGIN_ANSWER_INVALID' }
export const REFUSED = { status: 502, code: 'KEYCLOAK_REFUSED' }
export const AWAY = { status: 503, code: 'KEYCLOAK_UNAVAILABLE' }

/** Changes the query of the callback. */
export const query = (change: (query: URLSearchParams) => void) => (callback: URL) => change(callback.searchParams)
