import { expect } from 'chai'
import { z } from 'zod'
import { describeAnswers } from '../../../src/platform/http/describe-answers.ts'
import type { Operation } from '../../../src/platform/http/operation.ts'

const operation = (method: Operation['method'], headers: Record<string, string> = {}): Operation => ({
  ...{ id: 'x', method, path: '/x', tag: 'T', who: 'session', summary: 'S', errors: [] },
  answers: { 200: { description: 'D', headers, data: z.null() } },
})

describe('The description of answers', () => {
  it('has 304 for whatever is read with an ETag, and for nothing else', () => {
    const tagged = { ETag: 'The version' }
    expect(describeAnswers(operation('get', tagged))).to.have.keys('200', '304')
    expect(describeAnswers(operation('get'))).to.have.keys('200')
    expect(describeAnswers(operation('put', tagged))).to.have.keys('200')
  })
})
