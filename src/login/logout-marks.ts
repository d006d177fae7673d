/** Whom a logout concerns. */
export interface LogoutTarget {
  readonly providerSessionId?: string | undefined
  readonly subject?: string | undefined
}

/** Two clocks, each compared only with itself. Milliseconds since the epoch. */
export interface LogoutMoment {
  /** `iat` of the logout token, whole seconds of the provider's clock. */
  readonly issuedAt: number
  /** When the gateway took it. */
  readonly receivedAt: number
}

/** Memory of logouts that came by the back channel; the port that every implementation signs a contract for. */
export interface LogoutMarks {
  /** Whether this token id is new; from now on it is not. */
  firstTime(jti: string): Promise<boolean>
  /** Its logout could not be carried out: it may come again. */
  forget(jti: string): Promise<void>
  /** Remembers that what was issued until then is over; of several moments the later counts, each clock for itself. */
  mark(target: LogoutTarget, moment: LogoutMoment): Promise<void>
  /** Whether a login has been ended meanwhile: its ID token is not younger than the logout, and it began before it came. */
  isEnded(who: LogoutTarget, login: { issuedAt: number; startedAt: number }): Promise<boolean>
}

export function endsLogin(moment: LogoutMoment, login: { issuedAt: number; startedAt: number }): boolean {
  return login.issuedAt <= moment.issuedAt && login.startedAt <= moment.receivedAt
}

/** Seconds: longer than any login is in flight, and than any logout token is accepted. */
export const MARK_SECONDS = 900
