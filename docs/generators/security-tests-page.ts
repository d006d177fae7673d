import { allRequirements } from '../../test/security/all-requirements.ts'

/** What an attacker must not get, and the tests that try to get it. */
export function securityTestsPage(): string {
  const parts = allRequirements.map(({ title, requirements }) => {
    const rows = requirements.map(({ id, what, proofs }) => {
      const files = [...new Set(proofs.map(([file]) => `\`${file}\``))].join('<br>')
      return `| ${id} | ${what} | ${files} |`
    })
    return `## ${title}\n\n| Id | What holds | Tried in (below \`test/\`) |\n|---|---|---|\n${rows.join('\n')}\n`
  })
  return `# What is tried from outside

Made by \`npm run docs\` from \`test/security/requirements\`, which also names the tests by their titles; a test checks that each is there.
Beside these tables there is a fuzzer: \`npm run fuzz\` (ten minutes; \`-- --seconds N\`) sends conversations, calls, handshakes and
sign-ins that nobody thought of to a real gateway, and judges every answer, every request that reaches an upstream, and the log.
What it finds is printed as small as it can be made, with the command that repeats it.

${parts.join('\n')}`
}
