import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { ApiDocument } from '../platform/http/openapi-document.ts'
import { docsPage } from './docs-page.ts'

/** `GET /openapi.json` and `GET /docs`: made once at start, revalidated by their hash. */
export function openapiRoutes(document: ApiDocument): Record<'json' | 'page', RequestHandler> {
  const json = JSON.stringify(document)
  const { html, contentSecurityPolicy } = docsPage(document)
  const jsonTag = tagOf(json)
  const pageTag = tagOf(html)
  return {
    json(req, res) {
      res.setHeader('Cache-Control', 'no-cache')
      res.setHeader('ETag', jsonTag)
      if (req.fresh) res.status(304).end()
      else res.type('application/json').send(json)
    },
    page(req, res) {
      res.setHeader('Cache-Control', 'no-cache')
      res.setHeader('ETag', pageTag)
      res.setHeader('Content-Security-Policy', contentSecurityPolicy)
      if (req.fresh) res.status(304).end()
      else res.type('text/html').send(html)
    },
  }
}

function tagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url')}"`
}
