import { randomInt } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeCounts, type Finding, fuzz, tryOut } from './fuzz.ts'
import { startFuzzWorld } from './fuzz-world.ts'
import { type FuzzProperty, fuzzProperties } from './properties.ts'

const USAGE = `npm run fuzz -- [options]
  --seconds N      how long (600)
  --seed S         where the cases come from; a random one is printed otherwise
  --only NAME      one property: conversations, own-endpoints, handshakes or sign-ins
  --path P         with --seed and --only: the case of an earlier finding
  --replay FILE    the case that an earlier finding was written to
`
const { values } = parseArgs({
  options: {
    ...{ seconds: { type: 'string', default: '600' }, seed: { type: 'string' }, only: { type: 'string' } },
    ...{ path: { type: 'string' }, replay: { type: 'string' }, help: { type: 'boolean', default: false } },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)

if (values.help) say(USAGE)
else process.exitCode = await main()
process.exit()

async function main(): Promise<number> {
  const seconds = Number(values.seconds)
  const seed = Number(values.seed ?? randomInt(2 ** 31))
  if (!(seconds > 0) || !Number.isSafeInteger(seed)) return fail('--seconds and --seed are numbers.')
  const world = await startFuzzWorld({ redis: true })
  try {
    const all = fuzzProperties(world)
    const chosen = all.filter(({ name }) => values.only === undefined || name === values.only)
    if (chosen.length === 0) return fail(`--only names none of ${all.map(({ name }) => name).join(', ')}.`)
    if (values.replay !== undefined) return await replay(all, values.replay)
    say(`seed ${seed}`)
    const [only] = chosen
    if (values.path !== undefined && only !== undefined && chosen.length === 1)
      return report((await tryOut(only, { seed, path: values.path })).finding)
    if (values.path !== undefined) return fail('--path goes with --only.')
    const { tried, finding } = await fuzz(chosen, { seconds, seed, onProgress: say })
    say(`tried: ${describeCounts(tried)}`)
    return report(finding)
  } finally {
    await world.stop()
  }
}

async function replay(all: readonly FuzzProperty[], file: string): Promise<number> {
  const { property, example } = JSON.parse(readFileSync(file, 'utf8')) as Pick<Finding, 'property' | 'example'>
  const wrong = await all.find(({ name }) => name === property)?.run(example)
  if (wrong === undefined) return fail(`${file} is of no property that there is.`)
  say(wrong.length === 0 ? 'Nothing is wrong with this case.' : wrong.join('\n'))
  return wrong.length === 0 ? 0 : 1
}

function report(finding: Finding | undefined): number {
  if (finding === undefined) {
    say('Nothing was wrong.')
    return 0
  }
  const { property, seed, path, example, wrong } = finding
  const file = join(tmpdir(), `cloakroom-fuzz-${property}-${seed}.json`)
  writeFileSync(file, JSON.stringify({ property, example }, null, 2))
  say(`\nWrong in ${property}:\n${wrong.map((text) => `  ${text}`).join('\n')}\n`)
  say(JSON.stringify(example, shortened, 2))
  say(`\nAgain:     npm run fuzz -- --only ${property} --seed ${seed} --path ${path}`)
  say(`This case: npm run fuzz -- --replay ${file}`)
  return 1
}

function shortened(_name: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > 400 ? `${value.slice(0, 60)}… (${value.length})` : value
}

function fail(text: string): number {
  process.stderr.write(`${text}\n${USAGE}`)
  return 2
}
