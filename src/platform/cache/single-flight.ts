/** One call in flight per key; everyone else who asks meanwhile awaits the same answer, failures included. */
export function createSingleFlight<T>(): (key: string, call: () => Promise<T>) => Promise<T> {
  const pending = new Map<string, Promise<T>>()
  return function once(key, call) {
    const running = pending.get(key)
    if (running !== undefined) return running
    const started = call().finally(() => {
      if (pending.get(key) === started) pending.delete(key)
    })
    pending.set(key, started)
    return started
  }
}
