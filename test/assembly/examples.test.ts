import { expect } from 'chai'
import { apiOperations } from '../../src/assembly/api-operations.ts'
import { exampleWords } from '../../src/assembly/example-words.ts'
import { addExamples } from '../../src/platform/http/add-examples.ts'
import { openapiDocument } from '../../src/platform/http/openapi-document.ts'
import { type DescribedOperation, describedApi } from '../support/api-contract/described-api.ts'
import type { JsonSchema } from '../support/api-contract/json-schema.ts'

interface Place {
  readonly where: string
  readonly schema: JsonSchema
  readonly example?: unknown
}

/** Everything that a reader wants to see an example of: parameters, bodies, answers in JSON, refusals too. */
function placesOf({ parameters = [], requestBody, responses }: DescribedOperation): Place[] {
  const bodies = Object.entries(requestBody?.content ?? {})
  const answers = Object.entries(responses).flatMap(([status, { content = {} }]) =>
    Object.entries(content).map(([type, media]) => ({ where: `${status} ${type}`, type, ...media })),
  )
  return [
    ...parameters.map((parameter) => ({ where: `parameter ${parameter.name}`, ...parameter })),
    ...bodies.map(([type, media]) => ({ where: `body ${type}`, ...media })),
    ...answers.filter(({ type }) => type.endsWith('json')),
  ]
}

describe('The examples of the API', () => {
  const api = describedApi('/api/v1')
  const all = api.operations.flatMap((operation) =>
    placesOf(operation).map((place) => ({ ...place, where: `${operation.operationId}: ${place.where}` })),
  )

  it('are made of words for every member; what is named here needs one in example-words.ts or `.meta({ example })`', () => {
    const site = { managementPrefix: '/api/v1', publicUrl: 'http://localhost' }
    const bare = JSON.parse(JSON.stringify(openapiDocument(apiOperations, site)))
    expect(addExamples(bare, exampleWords)).to.deep.equal([])
  })

  it('are there for each parameter, each body, each answer and each refusal', () => {
    expect(all.length).to.be.greaterThan(500)
    expect(all.filter(({ example }) => example === undefined).map(({ where }) => where)).to.deep.equal([])
  })

  it('are as their own schemas say', () => {
    const wrong = all.flatMap(({ where, schema, example }) =>
      api.misfits(schema, example).map((misfit) => `${where}: ${misfit}`),
    )
    expect(wrong).to.deep.equal([])
  })

  it('hold no secret that would work anywhere', () => {
    const text = JSON.stringify(all.map(({ example }) => example))
    expect(text)
      .to.not.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/)
      .and.to.not.contain('demo-')
  })
})
