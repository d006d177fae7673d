import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type CaughtMail, readMail } from './mail-message.ts'

export interface MailCatcher {
  /** What a realm's `smtpServer` must say so that its mails come here. */
  readonly smtpServer: Record<string, string>
  readonly mails: readonly CaughtMail[]
  /** From now on every mail is refused, until `accept`. */
  refuse(): void
  accept(): void
  /** Waits for the next mail to this address that nobody has taken yet. @throws Error when none comes */
  next(to: string, milliseconds?: number): Promise<CaughtMail>
  close(): Promise<void>
}

/** An SMTP server (RFC 5321) on 127.0.0.1 that keeps what it is given: enough for programs that send mail. */
export async function startMailCatcher(): Promise<MailCatcher> {
  const mails: CaughtMail[] = []
  const taken = new Set<CaughtMail>()
  const sockets = new Set<Socket>()
  let refusing = false
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    converse(
      socket,
      (mail) => void mails.push(mail),
      () => refusing,
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    smtpServer: {
      host: '127.0.0.1',
      port: String((server.address() as AddressInfo).port),
      from: 'accounts@cloakroom.example',
    },
    mails,
    refuse: () => {
      refusing = true
    },
    accept: () => {
      refusing = false
    },
    async next(to, milliseconds = 10_000) {
      for (const end = Date.now() + milliseconds; Date.now() < end; await pause(20)) {
        const mail = mails.find((one) => !taken.has(one) && one.to.includes(to))
        if (mail === undefined) continue
        taken.add(mail)
        return mail
      }
      throw new Error(`no mail to ${to} has come; there are ${mails.length} to ${mails.flatMap((mail) => mail.to)}`)
    },
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

function converse(socket: Socket, deliver: (mail: CaughtMail) => void, isRefusing: () => boolean): void {
  let unread = ''
  let to: string[] = []
  let data: string[] | undefined
  const say = (line: string) => void socket.write(`${line}\r\n`)

  function command(line: string): void {
    const [verb = ''] = line.toUpperCase().split(/[ :]/)
    if (verb === 'QUIT') {
      socket.end('221 bye\r\n')
    } else if (verb === 'RCPT') {
      if (!isRefusing()) to.push(/<([^>]*)>/.exec(line)?.[1]?.toLowerCase() ?? '')
      say(isRefusing() ? '550 not now' : '250 yes')
    } else if (verb === 'DATA') {
      data = []
      say('354 go on, end with a dot')
    } else if (verb === 'RSET' || verb === 'MAIL') {
      to = []
      say('250 yes')
    } else if (verb === 'EHLO' || verb === 'HELO' || verb === 'NOOP') say('250 yes')
    else say('502 unknown')
  }

  function take(line: string): void {
    if (data === undefined) command(line)
    else if (line !== '.') data.push(line.startsWith('.') ? line.slice(1) : line)
    else {
      deliver(readMail(to, data.join('\r\n')))
      data = undefined
      say('250 kept')
    }
  }

  say('220 mail-catcher')
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (unread + text).split('\r\n')
    unread = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
}
