/** @throws Error naming the variable that is missing */
export function fromEnvironment(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set; the benchmark sets it when it starts this program.`)
  return value
}
