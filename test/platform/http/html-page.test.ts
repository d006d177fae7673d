import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { escapeHtml, htmlPage, pageContentSecurityPolicy } from '../../../src/platform/http/html-page.ts'

describe("The gateway's own pages", () => {
  const page = htmlPage({
    title: 'That did not work',
    paragraphs: ['One & two.', '<script>alert(1)</script>'],
    action: { label: 'Try again', href: '/login?a="b"&c' },
    footer: 'Error NOT_FOUND · request req-1',
  })

  it('say what is the matter, what to do and what to quote', () => {
    expect(page).to.match(/^<!doctype html><html lang="en">/)
    expect(page).to.contain('<h1>That did not work</h1>')
    expect(page).to.contain('>Try again</a>')
    expect(page).to.contain('<footer>Error NOT_FOUND · request req-1</footer>')
  })

  it('never let text become markup', () => {
    expect(page).not.to.contain('<script')
    expect(page).to.contain('href="/login?a=&#34;b&#34;&#38;c"')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeHtml(text)).not.to.match(/[<>"']|&(?!#\d+;)/)
      }),
    )
  })

  it('move on by themselves, without script, when they are told to', () => {
    const moving = htmlPage({ title: 'Signed in', paragraphs: ['Moving on.'], moveOnTo: '/orders?a=1&b="x"' })
    expect(moving).to.contain('<meta http-equiv="refresh" content="0;url=/orders?a=1&#38;b=&#34;x&#34;">')
    expect(page).not.to.contain('http-equiv')
    expect(page.match(/<a /g)).to.have.length(1)
    expect(htmlPage({ title: 'x', paragraphs: [] })).not.to.match(/<(a|footer|p)\b/)
  })

  it('come under a policy that allows their style sheet and nothing else', () => {
    const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(pageContentSecurityPolicy).to.contain(`style-src 'sha256-${hash}'`)
    expect(pageContentSecurityPolicy).to.contain("default-src 'none'").and.to.contain("frame-ancestors 'none'")
    expect(pageContentSecurityPolicy).not.to.match(/unsafe|\*/)
  })
})
