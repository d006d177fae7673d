import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attribute, type CpuProfile } from '../hardening/attribute.ts'
import { HARDENED } from '../hardening/hardened.ts'
import { chooseCores, inspectMachine } from '../machine.ts'
import { measureRun } from '../measure/measure-run.ts'
import { setStage } from '../set-stage.ts'
import type { Suite } from './suite.ts'

/**
 * What the protections cost: the share of a call's processor time that their files and what these call take. They cannot
 * be switched off, so there is no gateway without them to compare with; what any proxy would do with headers and paths is
 * counted as theirs.
 */
export const benchHardening: Suite = async (options, signal, say) => {
  await inspectMachine([])
  const cores = chooseCores()
  const folder = await mkdtemp(join(tmpdir(), 'cloakroom-profile-'))
  const undo: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const stage = await setStage(
      { ...options, variants: ['session'], profile: folder },
      cores,
      (step) => undo.push(step),
      say,
    )
    const [variant] = stage.variants
    if (variant === undefined) throw new Error('there is no gateway to measure.')
    const parts = { cores, connections: options.connections, requestsServed: stage.requestsServed, signal }
    say(`profiling ${options.seconds} s of session calls`)
    await measureRun(variant, options.seconds, parts)
    await variant.part.stop()
    const profile = JSON.parse(await readFile(join(folder, 'session.cpuprofile'), 'utf8')) as CpuProfile
    const { groups, all } = attribute(profile, HARDENED)
    const rows = [...groups].map(([name, share]) => `| ${name} | ${percent(share)} |`)
    process.stdout.write(
      `\n${['| protection | share of a call |', '|---|---:|', ...rows, `| all together | ${percent(all)} |`].join('\n')}\n`,
    )
  } finally {
    say('stopping what was started')
    for (const step of undo.reverse()) await step()
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
