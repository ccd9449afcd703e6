import type { Console } from '../api/technician-contract.ts'
import type { ConsoleContext } from './console-context.ts'
import { type ConsolePart, Refused, type Who } from './console-part.ts'

type VendorMode = Console['vendorMode']

/** With nobody left to decide, the terminal serves its visitors again with what it has. */
const UNATTENDED_LIMIT_MS = 60_000

export interface Handover extends ConsolePart<'vendorMode' | 'visitor', 'enter' | 'leave'> {
  /** Whether this account has the terminal now. */
  holds(account: string): boolean
  /** Something of the door or the devices changed. */
  follow(): void
  /** The technician is gone: gives the terminal back after what was not kept is dropped. */
  lost(account: string): void
}

export interface HandoverNeeds {
  /** Puts back what no technician has kept. */
  beforeLeaving(): Promise<void>
}

/**
 * XFS4IoT's VendorMode: the terminal is handed to one technician, and back.
 *
 *   visitors ──enter──▶ entering ──visitor gone──▶ active ──leave──▶ exiting ──devices ready──▶ visitors
 *                          └──────────leave──────────────────────────────────────────────────────▲
 */
export function createHandover(context: ConsoleContext, needs: HandoverNeeds): Handover {
  const { clock, door, hub, log } = context
  let state: VendorMode['state'] = 'visitors'
  let since = clock.now()
  let holder: Who | undefined
  /** The technician who leaves is gone, and cannot be asked about devices that stay away. */
  let unattended: AbortController | undefined
  let putBack = false
  let withoutWaiting = false

  function become(
    next: VendorMode['state'],
    how?: 'now' | 'after-visitor' | 'asked' | 'lost' | 'forced',
  ): void {
    const by = holder?.account ?? 'nobody'
    state = next
    since = clock.now()
    context.ledger
      .append({ type: 'vendor-mode', state: next, by, ...(how ? { how } : {}) })
      .catch((error) => log('a handover was not recorded', { error }))
    if (next === 'visitors') holder = undefined
    context.changed()
  }

  /** Follows the door: it is ours when the last visitor is gone. */
  function follow(): void {
    if (state === 'entering' && door.handover.state === 'closed') become('active')
    if (state === 'exiting') finishWhenReady()
  }

  const notReady = () => hub.devices.filter((device) => device.state !== 'online').map(({ id }) => id)

  function finishWhenReady(): void {
    if (!putBack) return
    if (notReady().length === 0) finish()
    else if (withoutWaiting) finish('forced')
  }

  function finish(how?: 'forced'): void {
    unattended?.abort()
    unattended = undefined
    // First the word, then the door: what the door tells of itself comes back here.
    become('visitors', how)
    door.handover.open()
  }

  function leave(how: 'asked' | 'lost'): void {
    if (state === 'entering') {
      finish()
      return
    }
    putBack = false
    withoutWaiting = false
    become('exiting', how)
    needs
      .beforeLeaving()
      .catch((error) => log('not everything could be put back', { error }))
      .finally(() => {
        putBack = true
        if (state === 'exiting') finishWhenReady()
        context.changed()
      })
  }

  /** Nobody is there to say "without it": after a while it is said for them. */
  function finishUnattended(): void {
    if (unattended) return
    const stopped = new AbortController()
    unattended = stopped
    clock.sleep(UNATTENDED_LIMIT_MS, stopped.signal).then(
      () => {
        if (state === 'exiting') finish('forced')
      },
      () => {},
    )
  }

  function enter(when: 'now' | 'after-visitor', who: Who): void {
    if (door.isOnFire)
      throw new Refused('fire', 'The fire input is active; the terminal can be handed over when it is not.')
    if (holder && holder.account !== who.account)
      throw new Refused('busy', `${holder.name} has the terminal.`)
    if (state === 'active') return
    holder = who
    unattended?.abort()
    unattended = undefined
    door.handover.close(when)
    if (state !== 'entering') become('entering', when)
    follow()
  }

  return {
    view: (now) => {
      const { session } = door.view(now)
      return {
        vendorMode: {
          state,
          since: new Date(since).toISOString(),
          ...(holder ? { by: holder.name } : {}),
          ...(state === 'exiting' ? { waitingFor: notReady() } : {}),
        },
        visitor: session ? { remainingMs: session.remainingMs } : null,
      }
    },
    commands: {
      enter: { needs: 'sign-in', run: ({ when }, who) => enter(when, who) },
      leave: {
        needs: 'sign-in',
        run({ force }, who) {
          if (state === 'visitors') return
          if (holder?.account !== who.account) throw new Refused('busy', `${holder?.name} has the terminal.`)
          if (state !== 'exiting') leave('asked')
          if (force) withoutWaiting = true
          follow()
        },
      },
    },
    holds: (account) => state === 'active' && holder?.account === account,
    lost(account) {
      if (holder?.account !== account || state === 'visitors') return
      if (state !== 'exiting') leave('lost')
      finishUnattended()
    },
    follow,
  }
}
