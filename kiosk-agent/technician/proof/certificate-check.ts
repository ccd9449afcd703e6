import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { isoTime } from '../../entry/hall-time.ts'
import { type Check, check } from './check.ts'

export interface CertificateNeeds {
  /** Address of the health gateway; undefined where there is none. */
  readonly url: string | undefined
  readonly now: number
  readonly utcOffsetMinutes: number
}

const DAY_MS = 86_400_000
/** Whoever renews it needs some days. */
const SOON_DAYS = 14
const TIMEOUT_MS = 5000

/** Until when the certificate of an https gateway is good. The gateway's own calls still check it themselves. */
export function checkCertificate({ url, now, utcOffsetMinutes }: CertificateNeeds): Promise<Check> {
  return check({ check: 'certificate' }, async ({ good, limited, note }) => {
    if (url === undefined || new URL(url).protocol !== 'https:') return note('no-certificate')
    const until = await endOfCertificate(new URL(url)).catch((error: Error) => error)
    if (until instanceof Error) return limited('certificate-not-read', { why: until.message })
    const days = Math.floor((until - now) / DAY_MS)
    const values = { until: isoTime(until, utcOffsetMinutes), days: String(days) }
    if (until <= now) limited('certificate-ended', { until: values.until })
    else if (days < SOON_DAYS) limited('certificate-ends-soon', values)
    else good('certificate-valid', values)
  })
}

/** Unix milliseconds. Nothing is sent, so a certificate nobody trusts may be looked at too. */
function endOfCertificate({ hostname, port }: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      {
        host: hostname,
        port: Number(port) || 443,
        ...(isIP(hostname) ? {} : { servername: hostname }),
        rejectUnauthorized: false,
      },
      () => {
        const until = Date.parse(socket.getPeerCertificate().valid_to ?? '')
        socket.destroy()
        if (Number.isNaN(until)) reject(new Error(`${hostname} shows no certificate`))
        else resolve(until)
      },
    )
    socket.setTimeout(TIMEOUT_MS, () => {
      socket.destroy(new Error(`${hostname} does not answer within ${TIMEOUT_MS / 1000} s`))
    })
    socket.on('error', reject)
  })
}
