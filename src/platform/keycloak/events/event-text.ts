import { redactText } from '../../observability/redact-text.ts'

/** A text of the event without what looks like a secret and without invisible characters. */
export function eventText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? redactText(value).slice(0, 512) : null
}

/** Keycloak's times are numbers that a JSON of somebody else could make anything of. */
export function eventTime(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString()
}
