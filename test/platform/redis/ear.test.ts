import { EventEmitter } from 'node:events'
import { expect } from 'chai'
import { createEar } from '../../../src/platform/redis/ear.ts'
import type { RedisNode } from '../../../src/platform/redis/redis-node.ts'

describe('A connection that listens', () => {
  const listener = { hear: () => undefined, opened: () => undefined, lost: () => undefined }

  function ear() {
    const nodes: { isOpen: boolean }[] = []
    const openNode = async () => {
      const node = Object.assign(new EventEmitter(), {
        isOpen: false,
        async connect() {
          node.isOpen = true
        },
        destroy() {
          node.isOpen = false
        },
      })
      nodes.push(node)
      return node as unknown as RedisNode
    }
    return { ear: createEar({ openNode, sharded: false }), nodes }
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve))

  it('begins anew on another one, and leaves none behind', async () => {
    const { ear: it, nodes } = ear()
    it.listen(['news'], listener)
    await settled()
    it.renew()
    await settled()
    expect(nodes.map(({ isOpen }) => isOpen)).to.deep.equal([false, true])
    it.close()
    expect(nodes.map(({ isOpen }) => isOpen)).to.deep.equal([false, false])
  })

  it('stays closed, whoever asks it to begin anew', async () => {
    const { ear: it, nodes } = ear()
    it.listen(['news'], listener)
    await settled()
    it.close()
    it.renew()
    await settled()
    expect(nodes.map(({ isOpen }) => isOpen)).to.deep.equal([false])
  })
})
