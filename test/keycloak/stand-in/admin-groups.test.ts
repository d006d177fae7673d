import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

onServers('Groups that administrators change', (server) => {
  const bed = useTestBed(server)
  const ask = (method: string, path: string, body?: object) =>
    bed().admin(method, path, body === undefined ? {} : { body })
  const read = async (id: string) => (await ask('GET', `/groups/${id}`)).json
  async function make(name: string, parent?: string): Promise<string> {
    const made = await ask('POST', parent === undefined ? '/groups' : `/groups/${parent}/children`, { name })
    return made.location?.pathname.split('/').at(-1) ?? `not made: ${made.status}`
  }
  let marks = 0
  const fresh = (name: string) => `${name}-${++marks}`

  it('are made at the top or below another one, each name once in a place, in any letters', async () => {
    const [name, below] = [fresh('Tëam ☂ 山田'), fresh('child')]
    const made = await ask('POST', '/groups', { name, description: 'About', attributes: { k: ['v', 'w'] } })
    expect(made.status).to.equal(201)
    const id = made.location?.pathname.split('/').at(-1) ?? ''
    expect(await read(id)).to.deep.include({
      ...{ id, name, description: 'About', path: `/${name}`, attributes: { k: ['v', 'w'] }, subGroupCount: 0 },
    })
    const child = await ask('POST', `/groups/${id}/children`, { name: below })
    expect(child.status).to.equal(201)
    expect(child.json).to.include({ name: below, parentId: id, path: `/${name}/${below}` })
    expect((await ask('POST', '/groups', { name })).status).to.equal(409)
    expect((await ask('POST', `/groups/${id}/children`, { name: below })).status).to.equal(409)
    expect((await ask('GET', `/groups/${id}/children?briefRepresentation=true`)).json[0]).not.to.have.property(
      'attributes',
    )
  })

  it('may have slashes in their names, which look like a path that is not there', async () => {
    const name = `${fresh('a')}/b`
    expect(await read(await make(name))).to.include({ name, path: `/${name}` })
  })

  it('lose a description that is not in the body, and keep attributes that are not', async () => {
    const [name, other] = [fresh('written'), fresh('renamed')]
    const made = await ask('POST', '/groups', { name, description: 'About', attributes: { k: ['v'] } })
    const id = made.location?.pathname.split('/').at(-1) ?? ''
    const child = await make('below', id)
    expect((await ask('PUT', `/groups/${id}`, { attributes: {} })).status, 'without a name').to.equal(400)
    expect((await ask('PUT', `/groups/${id}`, { name: other })).status).to.equal(204)
    expect(await read(id)).to.deep.include({ name: other, attributes: { k: ['v'] } })
    expect(await read(id)).not.to.have.property('description')
    expect(await read(child)).to.include({ path: `/${other}/below` })
    await ask('PUT', `/groups/${id}`, { name: other, attributes: {} })
    expect((await read(id)).attributes).to.deep.equal({})
    const taken = await make(fresh('taken'))
    expect((await ask('PUT', `/groups/${taken}`, { name: other })).status).to.equal(409)
  })

  it('are moved by a POST with their id, which leaves their name alone, and never below themselves', async () => {
    const [top, place] = [await make(fresh('top')), await make(fresh('place'))]
    const child = await make('moved', top)
    expect((await ask('POST', `/groups/${place}/children`, { id: child, name: 'moved' })).status).to.equal(204)
    expect((await read(child)).parentId).to.equal(place)
    expect((await ask('POST', `/groups/${child}/children`, { id: place, name: 'x' })).status).to.equal(500)
    expect(await read(place)).not.to.have.property('parentId')
    expect((await ask('POST', `/groups/${place}/children`, { id: place, name: 'x' })).status).to.equal(204)
    const other = await make('moved', top)
    expect((await ask('POST', `/groups/${place}/children`, { id: other, name: 'moved' })).status).to.equal(409)
    expect((await ask('POST', '/groups', { id: child, name: 'moved' })).status).to.equal(204)
    expect(await read(child)).to.include({ path: '/moved', subGroupCount: 0 })
    expect((await ask('POST', '/groups', { id: 'nobody', name: 'x' })).status).to.equal(404)
    await ask('DELETE', `/groups/${child}`)
  })

  it('take those below with them when they are deleted, and nobody of their members', async () => {
    const top = await make(fresh('doomed'))
    const child = await make('below', top)
    const ada = await bed().userId('ada')
    expect((await ask('PUT', `/users/${ada}/groups/${child}`)).status).to.equal(204)
    expect((await ask('GET', `/groups/${child}/members`)).json.map((one: { id: string }) => one.id)).to.deep.equal([
      ada,
    ])
    expect((await ask('DELETE', `/groups/${top}`)).status).to.equal(204)
    expect((await ask('GET', `/groups/${child}`)).status).to.equal(404)
    expect((await ask('GET', `/users/${ada}`)).status).to.equal(200)
    expect((await ask('DELETE', `/groups/${top}`)).status).to.equal(404)
  })

  it('are refused when something is wrong with them', async () => {
    for (const [body, status] of [
      [{}, 400],
      [{ name: ' ' }, 400],
      [{ name: fresh('strange'), nope: 1 }, 400],
      [{ name: 'x'.repeat(256) }, 500],
      [{ name: fresh('long'), description: 'd'.repeat(256) }, 500],
      [{ name: fresh('long'), attributes: { k: ['v'.repeat(256)] } }, 500],
    ] as const)
      expect((await ask('POST', '/groups', body)).status, JSON.stringify(body).slice(0, 50)).to.equal(status)
  })

  it('are changed only by those who manage users', async () => {
    for (const as of ['view-users', 'query-groups'])
      expect((await bed().admin('POST', '/groups', { body: { name: fresh('mine') }, as })).status, as).to.equal(403)
    const made = await bed().admin('POST', '/groups', { body: { name: fresh('mine') }, as: 'manage-users' })
    expect(made.status).to.equal(201)
    const path = `/groups/${made.location?.pathname.split('/').at(-1)}`
    expect((await bed().admin('DELETE', path, { as: 'view-users' })).status).to.equal(403)
    expect((await bed().admin('DELETE', path, { as: 'manage-users' })).status).to.equal(204)
  })
})

onServers('Changes of groups, as admin events', (server) => {
  const bed = useTestBed(server, { adminEventsEnabled: true, adminEventsDetailsEnabled: false })

  it('tell of what is made below a group without its id, and of a move as a change of the place', async () => {
    const make = async (path: string, name: string) =>
      (await bed().admin('POST', path, { body: { name } })).location?.pathname.split('/').at(-1) ?? ''
    const top = await make('/groups', 'top')
    const below = await make(`/groups/${top}/children`, 'below')
    const other = await make('/groups', 'other')
    await bed().admin('POST', `/groups/${other}/children`, { body: { id: below, name: 'below' } })
    await bed().admin('POST', '/groups', { body: { id: below, name: 'below' } })
    await bed().admin('PUT', `/groups/${below}`, { body: { name: 'renamed' } })
    await bed().admin('DELETE', `/groups/${other}`)
    const rows: { operationType: string; resourceType: string; resourcePath: string }[] = (
      await bed().admin('GET', '/admin-events?resourceTypes=GROUP')
    ).json
    expect(rows.map((row) => `${row.operationType} ${row.resourcePath}`).reverse()).to.deep.equal([
      `CREATE groups/${top}`,
      `CREATE groups/${top}/children`,
      `CREATE groups/${other}`,
      `UPDATE groups/${other}/children`,
      'UPDATE groups',
      `UPDATE groups/${below}`,
      `DELETE groups/${other}`,
    ])
  })
})
