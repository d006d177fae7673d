import { redactText } from './redact-text.ts'

const SECRET_KEY =
  /(authorization|cookie|token|secret|password|passphrase|credential|assertion|api[-_]?key|private|session[-_]?(id|state)|verifier|^code$|^state$|^nonce$|^sid$)/i
const HIDDEN = '[redacted]'
const MAX_DEPTH = 6
const MAX_ITEMS = 50
const MAX_NAME = 200
const MAX_NODES = 500

/** How many values one log record may still hold; what refers to itself would grow without end. */
interface Budget {
  left: number
}

/** A copy of a log record's member that is safe to write: secrets by name and by look, depth, width and length bounded. */
export function redact(value: unknown, key = ''): unknown {
  return visit(value, key, 0, { left: MAX_NODES })
}

function visit(value: unknown, key: string, depth: number, budget: Budget): unknown {
  if (budget.left-- <= 0) return '[more]'
  if (typeof value === 'string') return SECRET_KEY.test(key) ? HIDDEN : redactText(value)
  if (typeof value === 'bigint') return value.toString()
  // A function could be a toJSON that undoes all of this.
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`
  if (value === null || typeof value !== 'object') return value
  if (SECRET_KEY.test(key)) return HIDDEN
  if (depth >= MAX_DEPTH) return '[deep]'
  try {
    return visitObject(value, depth, budget)
  } catch {
    // A getter or a proxy that throws; the log must not fail for it.
    return '[unreadable]'
  }
}

function visitObject(value: object, depth: number, budget: Budget): unknown {
  if (value instanceof Error) return visitError(value, depth, budget)
  if (value instanceof URL) return redactText(value.href)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid date' : value.toISOString()
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Set) return visitList([...value], depth, budget)
  if (Array.isArray(value)) return visitList(value, depth, budget)
  const members: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(
    members.slice(0, MAX_ITEMS).map(([name, item]) => {
      const text = typeof name === 'string' ? name : typeof name
      return [redactText(text).slice(0, MAX_NAME), visit(item, text, depth + 1, budget)]
    }),
  )
}

/** In flat header lists and in pairs a value stands behind its name. */
function visitList(list: readonly unknown[], depth: number, budget: Budget): unknown[] {
  return list.slice(0, MAX_ITEMS).map((item, index) => {
    const before = list[index - 1]
    const name = typeof before === 'string' && before.length < MAX_NAME && /^[\w-]+$/.test(before) ? before : ''
    return visit(item, typeof item === 'string' ? name : '', depth + 1, budget)
  })
}

function visitError(error: Error, depth: number, budget: Budget): Record<string, unknown> {
  const { code, status, reason } = error as Error & { code?: unknown; status?: unknown; reason?: unknown }
  const inner = error instanceof AggregateError ? { errors: visitList(error.errors, depth, budget) } : {}
  return {
    name: redactText(error.name),
    message: redactText(error.message),
    ...(typeof code === 'string' ? { code: redactText(code) } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof reason === 'string' ? { reason: redactText(reason) } : {}),
    ...(typeof error.stack === 'string' ? { stack: cleanStack(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: visit(error.cause, '', depth + 1, budget) }),
    ...inner,
  }
}

/** Its first lines; secrets are looked for before it is taken apart, because one may span lines. */
function cleanStack(stack: string): string {
  const [message = '', ...frames] = stack.split(/\n(?= +at )/)
  return [redactText(message), ...frames.slice(0, 14).map(redactText)].join('\n')
}
