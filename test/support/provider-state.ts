import type { SigningKey } from './jwt-forge.ts'
import type { Call, ProviderScript } from './provider-script.ts'
import type { Grant } from './provider-tokens.ts'

export interface ProviderAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export interface ProviderState {
  readonly issuer: string
  readonly script: ProviderScript
  /** The first signs. */
  readonly keys: readonly SigningKey[]
  readonly now: () => number
  readonly authenticateClient: (call: Call) => Promise<string | undefined>
  /** Grants by refresh token, by access token and by code. */
  readonly grants: Grant[]
  readonly codes: Map<string, { grant: Grant; challenge: string; redirectUri: string }>
  readonly accessTokens: Map<string, Grant>
  readonly pushed: Map<string, URLSearchParams>
}
