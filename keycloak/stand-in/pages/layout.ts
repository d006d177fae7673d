const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as it may stand in HTML, in an attribute too. */
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => entities[char] ?? char)

/** Where the one style sheet of all pages is served. */
export const stylePath = '/resources/stand-in.css'

/** What pages may load: their style sheet. Forms may lead anywhere, because a login ends at the client. */
export const pagePolicy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'self'"

/**
 * A whole page around its main part.
 * @param title for the window, plain text
 * @param main HTML
 */
export function page(title: string, realmName: string, main: string): string {
  const realm = escapeHtml(realmName)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylePath}">
</head>
<body>
<p class="banner" role="note"><strong>Development stand-in, not Keycloak.</strong> Never use a real password here.</p>
<main>
<p class="realm">${realm}</p>
${main}
</main>
</body>
</html>
`
}
