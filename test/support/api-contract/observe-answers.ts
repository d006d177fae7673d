import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { contextIfAny } from '../../../src/platform/observability/request-context.ts'
import { checkAnswer } from './check-answer.ts'
import { type DescribedApi, describedApi } from './described-api.ts'
import { keepMisfit, noteAnswer } from './misfits.ts'

const apis = new Map<string, DescribedApi>()

/**
 * Compares every answer of a gateway's own endpoints with the OpenAPI document, whoever asked: a test, a browser, a program.
 * What does not fit is kept and told at the end (`misfits.ts`); of bodies only what is wrong with them is kept, never a value.
 */
export function observeAnswers(server: Server, managementPrefix: string): void {
  const api = apis.get(managementPrefix) ?? describedApi(managementPrefix)
  apis.set(managementPrefix, api)
  const observe = (req: IncomingMessage, res: ServerResponse) => {
    const body = bodyOf(res, () => api.find(req.method ?? '', contextIfAny(req)?.path ?? '') !== undefined)
    res.on('finish', () => {
      const operation = api.find(req.method ?? '', contextIfAny(req)?.path ?? '')
      if (operation === undefined) return
      noteAnswer(operation.operationId, res.statusCode)
      const answer = { method: req.method ?? '', status: res.statusCode, headers: res.getHeaders(), body: body() }
      for (const misfit of checkAnswer(api, operation, answer))
        keepMisfit({ operation: `${operation.method} ${operation.path}`, status: answer.status, misfit })
    })
  }
  server.prependListener('request', observe)
  server.prependListener('checkContinue', observe)
}

/** Reads along what is written, if it is the gateway's own; a proxied answer may be endless. */
function bodyOf(res: ServerResponse, isOwn: () => boolean): () => string {
  const chunks: Buffer[] = []
  const take = (chunk: unknown) => {
    if (!isOwn()) return
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk))
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
  }
  const { write, end } = res
  res.write = ((...args: Parameters<typeof write>) => {
    take(args[0])
    return write.apply(res, args)
  }) as typeof write
  res.end = ((...args: Parameters<typeof end>) => {
    take(args[0])
    return end.apply(res, args)
  }) as typeof end
  return () => Buffer.concat(chunks).toString()
}
