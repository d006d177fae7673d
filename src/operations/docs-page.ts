import { createHash } from 'node:crypto'
import { escapeHtml } from '../platform/http/html-page.ts'
import type { ApiDocument } from '../platform/http/openapi-document.ts'
import { describeSchema, type Schema } from './describe-schema.ts'
import { docsStyle } from './docs-style.ts'

interface Described {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  security?: object[]
  parameters?: { name?: string; in?: string; required?: boolean; schema?: Schema; example?: unknown }[]
  requestBody?: { content?: Content }
  responses?: Record<string, Answer>
}
interface Answer {
  $ref?: string
  description?: string
  content?: Content
}
type Content = Record<string, { schema?: Schema; example?: unknown }>

/** The API as one page: readable without script, nothing loaded from anywhere, hence a policy that allows nothing else. */
export function docsPage(document: ApiDocument): { html: string; contentSecurityPolicy: string } {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>
  const shared = (document.components?.responses ?? {}) as Record<string, Answer>
  const whole = ([status, answer]: [string, Answer]) => [status, shared[answer.$ref?.split('/').at(-1) ?? ''] ?? answer]
  const entries = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Described>).map(([method, { responses = {}, ...operation }]) => ({
      ...{ path, method },
      operation: { ...operation, responses: Object.fromEntries(Object.entries(responses).map(whole)) },
    })),
  )
  const byTag = Map.groupBy(entries, ({ operation }) => operation.tags?.[0] ?? 'Other')
  const contents = [...byTag].map(
    ([tag, some]) =>
      `<li><a href="#${anchor(tag)}">${escapeHtml(tag)}</a><ul>${some
        .map(
          ({ operation }) => `<li><a href="#${operation.operationId}">${escapeHtml(operation.summary ?? '')}</a></li>`,
        )
        .join('')}</ul></li>`,
  )
  const sections = [...byTag].map(
    ([tag, some]) =>
      `<section id="${anchor(tag)}"><h2>${escapeHtml(tag)}</h2>${some
        .map(({ path, method, operation }) => article(path, method, operation, schemas))
        .join('')}</section>`,
  )
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(document.info.title)} API</title><style>${docsStyle}</style></head><body><nav aria-label="Contents"><strong>${escapeHtml(document.info.title)}</strong> <small>API ${escapeHtml(document.info.version)}</small><ul>${contents.join('')}</ul></nav><main><h1>${escapeHtml(document.info.title)} API</h1><p>${prose(document.info.description ?? '')}</p><p>The same as <a href="/openapi.json">OpenAPI 3.1</a>. Success is <code>{ success, message, data, metadata }</code>, failure <code>{ success: false, error: { code, message, details, correlationId } }</code>; <code>data</code> is shown below.</p>${sections.join('')}</main></body></html>`
  const hash = createHash('sha256').update(docsStyle).digest('base64')
  return {
    html,
    contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  }
}

function article(path: string, method: string, operation: Described, schemas: Record<string, Schema>): string {
  const { operationId = '', summary = '', description, parameters = [], requestBody, responses = {} } = operation
  return `<article id="${operationId}"><h3><span class="m ${method}">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code></h3><p class="s">${escapeHtml(summary)} <span class="w">${escapeHtml(whoOf(operation))}</span></p>${
    description === undefined ? '' : `<p>${prose(description)}</p>`
  }${parameterTable(parameters, schemas)}${contentBlock('Body', requestBody?.content, schemas)}${answers(responses, schemas)}</article>`
}

function whoOf({ security = [] }: Described): string {
  const names = security.flatMap((item) => Object.keys(item))
  return names.length === 0 ? 'anyone' : names.join(' or ')
}

function parameterTable(parameters: Described['parameters'], schemas: Record<string, Schema>): string {
  if (parameters === undefined || parameters.length === 0) return ''
  const rows = parameters.map(
    ({ name = '', in: place = '', required, schema = {}, example }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required === true ? ', required' : ''}</td><td>${describeSchema(schema, schemas)}</td><td>${
        example === undefined ? '' : `<code class="e">${escapeHtml(String(example))}</code>`
      }</td></tr>`,
  )
  return `<h4>Parameters</h4><table><thead><tr><th>Name</th><th>Where</th><th>What</th><th>Example</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function contentBlock(title: string, content: Content | undefined, schemas: Record<string, Schema>): string {
  return Object.entries(content ?? {})
    .map(
      ([type, { schema = {}, example }]) =>
        `<h4>${title} <small>${escapeHtml(type)}</small></h4>${describeSchema(dataOf(schema), schemas)}${exampleBlock('Example', type, example)}`,
    )
    .join('')
}

function exampleBlock(title: string, type: string, example: unknown): string {
  if (example === undefined) return ''
  const isForm = type === 'application/x-www-form-urlencoded'
  const text = isForm
    ? new URLSearchParams(example as Record<string, string>).toString()
    : JSON.stringify(example, null, 2)
  return `<details><summary>${title}</summary><pre tabindex="0">${escapeHtml(text)}</pre></details>`
}

/** The envelope is said once, at the top. */
function dataOf(schema: Schema): Schema {
  return schema.properties?.success !== undefined && schema.properties.data !== undefined
    ? schema.properties.data
    : schema
}

function answers(responses: NonNullable<Described['responses']>, schemas: Record<string, Schema>): string {
  const good = Object.entries(responses).filter(([status]) => status < '400')
  const bad = Object.entries(responses).filter(([status]) => status >= '400')
  const rows = bad.map(
    ([status, { description = '' }]) =>
      `<tr><td>${status}</td><td>${description.split('\n\n').map(prose).join('<br>')}</td></tr>`,
  )
  const shown = good.map(([status, { description = '', content }]) => {
    const { 'text/html': page, 'text/plain': _, ...data } = content ?? {}
    const html = page !== undefined && Object.keys(data).length === 0
    return `<p class="a"><b>${status}</b> ${prose(description)}${html ? ' <small>a page</small>' : ''}</p>${html ? '' : contentBlock('Answer', data, schemas)}`
  })
  const [, { content: refused = {} } = {}] = bad.findLast(([status]) => status < '410') ?? []
  const example = exampleBlock('Example of a refusal', 'application/json', refused['application/json']?.example)
  return `${shown.join('')}<details><summary>Refusals</summary><table>${rows.join('')}</table>${example}</details>`
}

function anchor(text: string): string {
  return text.toLowerCase().replace(/[^a-z]+/g, '-')
}

/** Plain text with `code`. */
function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}
