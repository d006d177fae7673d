import { expect } from 'chai'
import { apiOperations } from '../../src/assembly/api-operations.ts'
import { errorCodes } from '../../src/platform/errors/error-codes.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'

const PREFIX = '/management'

describe('The description of the API', () => {
  let gateway: GatewayUnderTest
  before(async () => {
    gateway = await startGateway({ env: { MANAGEMENT_PREFIX: PREFIX } })
  })
  after(() => gateway.stop())

  const described = () =>
    apiOperations.map(({ method, path }) => {
      const address = path.replace('{prefix}', PREFIX).replaceAll(/\{(\w+)\}/g, ':$1')
      return `${method.toUpperCase()} ${address}`
    })

  it('names every endpoint that there is', () => {
    expect(gateway.gateway.endpoints.filter((endpoint) => !described().includes(endpoint))).to.deep.equal([])
  })

  it('names none that there is not', () => {
    expect(described().filter((endpoint) => !gateway.gateway.endpoints.includes(endpoint))).to.deep.equal([])
  })

  it('names each once, and by an id of its own', () => {
    expect(new Set(described()).size).to.equal(apiOperations.length)
    expect(new Set(apiOperations.map(({ id }) => id)).size).to.equal(apiOperations.length)
  })

  it('describes every parameter of a path, and no other', () => {
    for (const { id, path, params } of apiOperations) {
      const named = [...path.matchAll(/\{(?!prefix\})(\w+)\}/g)].map(([, name]) => name)
      expect(Object.keys(params?.shape ?? {}), id).to.have.members(named)
    }
  })

  it('tells of each answer what it is, and of refusals only those with a code', () => {
    for (const { id, answers, errors, summary } of apiOperations) {
      expect(summary, id).to.match(/^\S.{5,}[^.]$/)
      expect(Object.keys(answers).length, id).to.be.greaterThan(0)
      for (const { description } of Object.values(answers)) expect(description, id).to.match(/\S/)
      for (const code of errors) expect(errorCodes, id).to.have.property(code)
    }
  })

  it('says of whatever asks Keycloak that it may be refused there, and that none may be administered', async () => {
    const { paths } = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { responses: object }>>
    }
    const asking = apiOperations.filter(
      ({ path, errors }) => path.startsWith('{prefix}') && errors.includes('KEYCLOAK_UNAVAILABLE'),
    )
    expect(asking.length).to.be.greaterThan(40)
    for (const { id, method, path } of asking)
      expect(paths[path.replace('{prefix}', PREFIX)]?.[method]?.responses, id).to.include.keys('501', '502', '503')
  })
})
