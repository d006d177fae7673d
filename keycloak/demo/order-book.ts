export type Order = {
  id: string
  item: string
  quantity: number
  placedBy: string
  placedAt: string
  status: 'open' | 'shipped'
}

/** What is wrong with an order somebody wants to place: one sentence per member. */
export type OrderProblems = Record<string, string>

export type OrderBook = {
  all(): Order[]
  find(id: string): Order | undefined
  /** Checks an order as it came in and writes it down. */
  place(input: unknown, placedBy: string): { order: Order } | { problems: OrderProblems }
}

const first: Omit<Order, 'id'>[] = [
  {
    item: 'Wool coat, charcoal',
    quantity: 1,
    placedBy: 'alice',
    placedAt: '2026-03-02T09:14:00.000Z',
    status: 'shipped',
  },
  { item: 'Silk scarf, ivory', quantity: 2, placedBy: 'ada', placedAt: '2026-03-04T17:40:00.000Z', status: 'open' },
  { item: 'Felt hat, size 57', quantity: 1, placedBy: 'alice', placedAt: '2026-03-05T11:05:00.000Z', status: 'open' },
]

/** Orders kept are bounded, so that a forgotten script cannot fill the memory. */
const limit = 200

function problemsOf(item: unknown, quantity: unknown): OrderProblems {
  const problems: OrderProblems = {}
  if (typeof item !== 'string' || item.trim() === '' || item.length > 80) {
    problems.item = 'Say what to order, in at most 80 characters.'
  }
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1 || quantity > 99) {
    problems.quantity = 'Say how many, as a whole number from 1 to 99.'
  }
  return problems
}

/** An order book that begins with three orders and forgets everything when the process ends. */
export function createOrderBook(now: () => Date = () => new Date()): OrderBook {
  const orders: Order[] = first.map((order, index) => ({ id: String(index + 1), ...order }))
  let last = orders.length

  return {
    all: () => orders.toReversed(),
    find: (id) => orders.find((order) => order.id === id),
    place(input, placedBy) {
      const { item, quantity } = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {}
      const problems = problemsOf(item, quantity)
      if (Object.keys(problems).length > 0) return { problems }
      last += 1
      const order: Order = {
        id: String(last),
        item: String(item).trim(),
        quantity: Number(quantity),
        placedBy,
        placedAt: now().toISOString(),
        status: 'open',
      }
      orders.push(order)
      if (orders.length > limit) orders.shift()
      return { order }
    },
  }
}
