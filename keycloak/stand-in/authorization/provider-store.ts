import type { Adapter, AdapterPayload } from 'oidc-provider'

/** What oidc-provider keeps for one realm. It outlives a restart of the listener and a rebuilt provider. */
export type ProviderStore = {
  adapter(model: string): Adapter
  /** The `uid` of the browser session with this cookie value, if somebody is signed in there. */
  sessionUid(cookie: string | undefined): string | undefined
}

type Row = { payload: AdapterPayload; expires: number }

/**
 * Keeps it in memory.
 * @param findClient the metadata of a client, asked anew each time, so that changes count at once
 * @param isSignedIn whether the session of this uid still counts; one that ended elsewhere is not found any more
 */
export function createProviderStore(
  findClient: (id: string) => AdapterPayload | undefined,
  isSignedIn: (uid: string) => boolean,
): ProviderStore {
  const rows = new Map<string, Row>()

  function live(key: string): AdapterPayload | undefined {
    const row = rows.get(key)
    if (!row) return undefined
    const { payload } = row
    const hasEnded = payload.accountId !== undefined && payload.uid !== undefined && key.startsWith('Session:')
    if (row.expires > Date.now() && !(hasEnded && !isSignedIn(String(payload.uid)))) return payload
    rows.delete(key)
    return undefined
  }

  const adapter = (model: string): Adapter => {
    const key = (id: string) => `${model}:${id}`
    return {
      upsert: async (id, payload, seconds = 0) =>
        void rows.set(key(id), { payload, expires: Date.now() + seconds * 1000 }),
      find: async (id) => (model === 'Client' ? findClient(id) : live(key(id))),
      findByUid: async (uid) => {
        const found = [...rows].find(([name, row]) => name.startsWith(`${model}:`) && row.payload.uid === uid)
        return found && live(found[0])
      },
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const payload = live(key(id))
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      destroy: async (id) => void rows.delete(key(id)),
      revokeByGrantId: async (grantId) => {
        for (const [name, row] of rows) if (row.payload.grantId === grantId) rows.delete(name)
      },
    }
  }

  return {
    adapter,
    sessionUid(cookie) {
      const payload = cookie === undefined ? undefined : live(`Session:${cookie}`)
      return payload?.accountId === undefined ? undefined : payload.uid
    },
  }
}
