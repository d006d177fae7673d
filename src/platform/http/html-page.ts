import { createHash } from 'node:crypto'

const STYLE = `:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--paper:#f6f4ef;--card:#fff;--line:#e3dfd5;--accent:#7a2e3a}
@media(prefers-color-scheme:dark){:root{--ink:#ece8df;--soft:#a6adb8;--paper:#14171c;--card:#1d2229;--line:#2e353f;--accent:#e08c99}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,sans-serif}
main{max-width:30rem;width:100%;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:2.25rem 2.25rem 1.75rem}
h1{font-size:1.35rem;line-height:1.3;margin:0 0 .75rem}p{margin:0 0 1rem}a{color:var(--accent)}
.act{display:inline-block;padding:.6rem 1.1rem;border-radius:9px;background:var(--accent);color:var(--card);text-decoration:none;font-weight:600}
.act:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
footer{margin-top:1.75rem;padding-top:.9rem;border-top:1px solid var(--line);color:var(--soft);font-size:.8rem}code{font-size:.95em}`

/** The policy for the gateway's own pages: nothing but this very style sheet. */
export const pageContentSecurityPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

export interface Page {
  title: string
  /** Plain sentences; escaped here. */
  paragraphs: string[]
  action?: { label: string; href: string }
  footer?: string
  /** Moves on at once, without script, to this same-site address. */
  moveOnTo?: string
}

/** A small page of the gateway's own: readable without script, in light and dark. */
export function htmlPage(page: Page): string {
  const head =
    page.moveOnTo === undefined ? '' : `<meta http-equiv="refresh" content="0;url=${escapeHtml(page.moveOnTo)}">`
  const body = page.paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('')
  const action =
    page.action === undefined
      ? ''
      : `<p><a class="act" href="${escapeHtml(page.action.href)}">${escapeHtml(page.action.label)}</a></p>`
  const footer = page.footer === undefined ? '' : `<footer>${escapeHtml(page.footer)}</footer>`
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">${head}<title>${escapeHtml(page.title)}</title><style>${STYLE}</style></head><body><main><h1>${escapeHtml(page.title)}</h1>${body}${action}${footer}</main></body></html>`
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
