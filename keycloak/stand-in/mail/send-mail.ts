import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Realm } from '../model/types.ts'

export type Mail = { to: string; subject: string; text: string }

const timeoutMs = 10_000

/**
 * Sends a mail by the realm's `smtpServer` (plain SMTP, RFC 5321). A realm without one prints it to the log instead: on a
 * development machine that is where its reader looks.
 * @throws when the mail server is away or does not want it
 */
export async function sendMail(realm: Realm, mail: Mail): Promise<void> {
  const { host, port, from } = realm.settings.smtpServer ?? {}
  if (!host) {
    console.log(
      `Stand-in: a mail to ${mail.to}, because realm ${realm.name} has no smtpServer:\n${mail.subject}\n${mail.text}`,
    )
    return
  }
  const socket = createConnection({ host: String(host), port: Number(port ?? 25), timeout: timeoutMs })
  socket.on('timeout', () => socket.destroy(new Error('The mail server does not answer.')))
  const failed = once(socket, 'close').then(() => {
    throw new Error('The mail server closed the connection.')
  })
  try {
    await Promise.race([converse(socket, String(from ?? `noreply@${host}`), mail), failed])
  } finally {
    failed.catch(() => undefined)
    socket.destroy()
  }
}

async function converse(socket: Socket, from: string, mail: Mail): Promise<void> {
  const lines = createInterface(socket)[Symbol.asyncIterator]()

  async function expect(status: string): Promise<void> {
    for (;;) {
      const { value: line = '' } = await lines.next()
      if (line[3] === '-') continue
      if (!line.startsWith(status)) throw new Error(`The mail server says: ${line}`)
      return
    }
  }
  async function say(line: string, status: string): Promise<void> {
    socket.write(`${line}\r\n`)
    await expect(status)
  }

  await expect('220')
  await say('EHLO stand-in', '250')
  await say(`MAIL FROM:<${from}>`, '250')
  await say(`RCPT TO:<${mail.to}>`, '250')
  await say('DATA', '354')
  await say(`${message(from, mail)}\r\n.`, '250')
  await say('QUIT', '221')
}

function message(from: string, { to, subject, text }: Mail): string {
  const body = Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n')
  const headers = {
    From: from,
    To: to,
    Subject: `=?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`,
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=UTF-8',
    'Content-Transfer-Encoding': 'base64',
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [...head, '', body].join('\r\n')
}
