import { hash, randomBytes } from 'node:crypto'
import type { Response } from 'express'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Me } from '../api/technician-contract.ts'

const IDLE_LIMIT_MS = 15 * 60_000
const ABSOLUTE_LIMIT_MS = 8 * 3_600_000
/** A technician whose page is closed is given so long to open it again. */
const LOST_AFTER_MS = 60_000
const LOOKED_AT_EVERY_MS = 5000
const MAXIMUM_SIGN_INS = 32

/** One signed-in technician, as long as it lasts. */
export interface SignedIn {
  readonly me: Me
  /** Event streams of this sign-in that are open now. */
  readonly streams: Set<Response>
}

interface Entry extends SignedIn {
  me: Me
  readonly startedAt: number
  usedAt: number
  /** When the last stream closed; undefined while one is open. */
  awaySince: number | undefined
}

export interface SignInsOptions {
  /** Cookies ignore ports: the name tells terminal and role. */
  readonly terminalId: string
  readonly clock: Clock
  /** Over by itself: too long without a touch, or too long at all. */
  onTimedOut(me: Me): void
  /** Nobody of this account has looked at the console for a while. */
  onLost(account: string): void
}

/** Server-side sign-ins of technicians, in memory only: a restart of the agent signs everybody out. */
export interface SignIns {
  begin(me: Me, response: Response): void
  /** Undefined for who is not signed in. `touch`: somebody did something, and did not only look. */
  find(cookieHeader: string | undefined, touch: boolean): SignedIn | undefined
  /** Ties an open event stream to its sign-in: it ends with it. */
  watch(signedIn: SignedIn, stream: Response): void
  end(signedIn: SignedIn, response?: Response): void
  /** Ends every sign-in of an account, but for one. */
  endOf(account: string, except?: SignedIn): void
  /** The PIN was changed: the rest of the console opens. */
  pinChanged(account: string): void
  close(): void
}

export function createSignIns({ terminalId, clock, onTimedOut, onLost }: SignInsOptions): SignIns {
  const name = `hall-kiosk-${terminalId}-technician`
  const cookie = { httpOnly: true, sameSite: 'strict', path: '/' } as const
  /** By the fingerprint of the token: what is in memory lets nobody in. */
  const entries = new Map<string, Entry>()
  /** Accounts that have been here, and whose leaving nobody has been told of. */
  const around = new Set<string>()
  const stopping = new AbortController()
  const fingerprint = (token: string) => hash('sha256', token)

  function isOver({ usedAt, startedAt }: Entry): boolean {
    const now = clock.monotonic()
    return now - usedAt >= IDLE_LIMIT_MS || now - startedAt >= ABSOLUTE_LIMIT_MS
  }

  function drop(wanted: (entry: Entry) => boolean): Entry[] {
    const dropped = [...entries].filter(([, entry]) => wanted(entry))
    for (const [key, entry] of dropped) {
      entries.delete(key)
      for (const stream of entry.streams) stream.end()
    }
    return dropped.map(([, entry]) => entry)
  }

  function isLost(account: string): boolean {
    const own = [...entries.values()].filter(({ me }) => me.account === account)
    return own.every(
      ({ awaySince }) => awaySince !== undefined && clock.monotonic() - awaySince >= LOST_AFTER_MS,
    )
  }

  async function lookAfter(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(LOOKED_AT_EVERY_MS, stopping.signal).catch(() => {})
      if (stopping.signal.aborted) return
      for (const { me } of drop(isOver)) onTimedOut(me)
      for (const account of around) {
        if (!isLost(account)) continue
        around.delete(account)
        onLost(account)
      }
    }
  }
  void lookAfter()

  return {
    begin(me, response) {
      const token = randomBytes(32).toString('base64url')
      const now = clock.monotonic()
      const streams = new Set<Response>()
      around.add(me.account)
      entries.set(fingerprint(token), { me, streams, startedAt: now, usedAt: now, awaySince: now })
      const [oldest] = entries.values()
      if (entries.size > MAXIMUM_SIGN_INS && oldest) drop((entry) => entry === oldest)
      response.cookie(name, token, cookie)
    },
    find(cookieHeader, touch) {
      for (const each of cookieHeader?.split(';') ?? []) {
        const [key, value = ''] = each.trim().split('=')
        const entry = key === name ? entries.get(fingerprint(value)) : undefined
        if (!entry || isOver(entry)) continue
        if (touch) entry.usedAt = clock.monotonic()
        return entry
      }
      return undefined
    },
    watch(signedIn, stream) {
      const entry = signedIn as Entry
      entry.streams.add(stream)
      around.add(entry.me.account)
      entry.awaySince = undefined
      stream.on('close', () => {
        entry.streams.delete(stream)
        if (entry.streams.size === 0) entry.awaySince = clock.monotonic()
      })
    },
    end(signedIn, response) {
      drop((entry) => entry === signedIn)
      response?.clearCookie(name, cookie)
    },
    endOf(account, except) {
      drop((entry) => entry.me.account === account && entry !== except)
    },
    pinChanged(account) {
      for (const entry of entries.values())
        if (entry.me.account === account) entry.me = { ...entry.me, mustChangePin: false }
    },
    close() {
      stopping.abort(new Error('the agent is stopping'))
      drop(() => true)
    },
  }
}
