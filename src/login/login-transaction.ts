/** What the gateway keeps of a login while the browser is at the provider. */
export interface LoginTransaction {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** Absolute, same origin. */
  readonly returnTo: string
  /** Hash of the secret in this browser's login cookie. */
  readonly browser: string
  /** The session that was there when the login began; it ends when the login succeeds. */
  readonly formerSessionId: string | null
  /** Milliseconds since the epoch. */
  readonly startedAt: number
}

/** Ten minutes to type a password. */
export const LOGIN_LIFETIME_SECONDS = 600

/** Pending logins; the port that every implementation signs a contract for. */
export interface LoginTransactions {
  save(transaction: LoginTransaction): Promise<void>
  find(state: string): Promise<LoginTransaction | undefined>
  /** Whether this call was the one that took it: a login is finished once. */
  take(state: string): Promise<boolean>
}
