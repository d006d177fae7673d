/**
 * A moment that divides: what was issued to somebody until then is over (`end`), or must be renewed before it is used again
 * (`renew`), whatever comes later counts. Since it only ever moves forward, doing it twice does no harm.
 */
export interface CutOff {
  readonly kind: 'end' | 'renew'
  /** Whom it concerns; null means everyone. */
  readonly subject: string | null
  /** Milliseconds since the epoch, by the provider's clock. */
  readonly at: number
}

/** Cut-offs that every instance knows; the port that every implementation signs a contract for. */
export interface CutOffs {
  /**
   * Moves a cut-off forward and resolves when every live instance knows; answers whether it moved.
   * @throws GatewayError SESSION_STORE_UNAVAILABLE
   */
  raise(cutOff: CutOff): Promise<boolean>
  /** Until when everything issued to this person is over; no I/O. */
  endedUntil(subject: string): number
  /** Whether a session of this person is over; no I/O. */
  endsSession(subject: string, session: { issuedAt: number; createdAt: number }): boolean
  /** Until when everything issued to this person must be renewed; no I/O. */
  renewUntil(subject: string): number
  /** Reads again what may have been missed. @throws GatewayError SESSION_STORE_UNAVAILABLE */
  reload(): Promise<void>
  /** Called whenever a cut-off has moved here: what was remembered before may be outdated. */
  onRaised(listener: () => void): void
}
