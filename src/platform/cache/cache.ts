/** A named, bounded cache with a time to live; the port that every implementation signs a contract for. */
export interface Cache<V> {
  readonly name: string
  /** The fresh value, or undefined. */
  get(key: string): V | undefined
  /** The value even when its time is over, with its age in milliseconds; for stale-while-error. */
  peek(key: string): { value: V; ageMs: number } | undefined
  /**
   * The fresh value, or what `load` gives: one load at a time per key. A failed load is not remembered. By `keepFor` a
   * load says for how many seconds at most its value is good.
   */
  getOrLoad(key: string, load: (keepFor: (seconds: number) => void) => Promise<V>): Promise<V>
  /** What `load` gives, whatever is there; remembered like the rest, with one load at a time. */
  reload(key: string, load: () => Promise<V>): Promise<V>
  /** `ttlSeconds` can only shorten the cache's own time to live. */
  set(key: string, value: V, ttlSeconds?: number): void
  delete(key: string): void
  clear(): void
  /** From now on; what is kept already is never kept for longer by it. */
  setTtl(seconds: number): void
  info(): CacheInfo
}

export interface CacheInfo {
  maxsize: number
  /** Seconds; 0 means the cache is off. */
  ttl: number
  current_size: number
  hits: number
  misses: number
  /** Names that reveal no secret. */
  keys: string[]
}
