import { readFileSync } from 'node:fs'

/** Ticks a second in /proc, fixed at 100 by the kernel's interface (proc(5), USER_HZ). */
const TICKS = 100
const USER = 11
const SYSTEM = 12

/** Seconds of processor time a process has used, all its threads together. */
export function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The program's name, in brackets, may hold blanks; the fields after it are numbered from the state.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS
}

/** Seconds a core was busy, whoever used it. */
export function coreBusyTime(core: number): number {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? ''
  const [user = 0, nice = 0, system = 0, _idle, _wait, irq = 0, softIrq = 0, steal = 0] = line.split(' ').map(Number)
  return (user + nice + system + irq + softIrq + steal) / TICKS
}

/** Most memory a process has held at once since it began, in MiB. */
export function peakMemory(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib ?? 0) / 1024
}
