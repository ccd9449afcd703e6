import { batch, computed, effect, signal } from '@preact/signals'
import type { Intent, Language, Snapshot } from '../kiosk-agent/api/contract.ts'
import { followAgent, sendIntent } from './agent-client.ts'
import { chooseScreen } from './choose-screen.ts'
import { type Connection, reloadIsDue } from './connection.ts'

/** A press shows its effect through a snapshot; until that had time to arrive, a second press is the same press. */
const shortestFlightMs = 600
const failureShownMs = 6_000
/** How often the time on the screen is looked at, with and without a countdown. */
const tickMs = { counting: 250, idle: 1_000 }
const minuteMs = 60_000

export const snapshot = signal<Snapshot | null>(null)
export const connection = signal<Connection>('connecting')
/** Types of the intents that were sent and not settled yet. */
export const inFlight = signal<ReadonlySet<Intent['type']>>(new Set())
/** The last intent did not get through. */
export const notSent = signal(false)

const receivedAt = signal(0)
const now = signal(0)

export const screen = computed(() => chooseScreen(connection.value, snapshot.value))
export const language = computed<Language>(() => snapshot.value?.language ?? 'zh-Hans')

/** The agent's time, carried on between its snapshots, in whole minutes (Unix milliseconds). */
export const minute = computed(() => {
  const at = snapshot.value?.at
  if (!at) return 0
  return Math.floor((Date.parse(at) + now.value - receivedAt.value) / minuteMs) * minuteMs
})

/** What is being counted down: the running session, else the outcome on show. */
const countedDown = computed(() => snapshot.value?.session ?? snapshot.value?.outcome ?? null)

/** Whole seconds left of the session or outcome on show. */
export const secondsLeft = computed(() => {
  const counted = countedDown.value
  if (!counted) return null
  // The agent says that time stands still.
  if ('paused' in counted && counted.paused) return Math.ceil(counted.remainingMs / 1000)
  const leftMs = counted.remainingMs - (now.value - receivedAt.value)
  return Math.max(0, Math.ceil(leftMs / 1000))
})

/** The largest number of seconds seen for what is counted down: the full ring. */
const fullSeconds = signal({ id: '', seconds: 1 })
export const countdown = computed(() => {
  const seconds = secondsLeft.value
  return seconds === null ? null : { seconds, full: Math.max(fullSeconds.value.seconds, seconds, 1) }
})

/** Starts following the agent; called once. */
export function startState(): void {
  let firstBuild: string | undefined
  followAgent({
    connection: (next) => {
      connection.value = next
    },
    snapshot: (next) => {
      firstBuild ??= next.build
      batch(() => {
        receivedAt.value = performance.now()
        now.value = receivedAt.value
        snapshot.value = next
        keepFullRing(next)
      })
    },
  })
  const counting = computed(() => countedDown.value !== null)
  effect(() => {
    const timer = setInterval(
      () => {
        now.value = performance.now()
        if (firstBuild !== undefined) reloadWhenDue(firstBuild)
      },
      counting.value ? tickMs.counting : tickMs.idle,
    )
    return () => clearInterval(timer)
  })
}

function keepFullRing({ session, outcome }: Snapshot) {
  const counted = session ?? outcome
  if (!counted) return
  const seconds = Math.ceil(counted.remainingMs / 1000)
  const known = fullSeconds.value
  if (known.id !== counted.id || seconds > known.seconds) fullSeconds.value = { id: counted.id, seconds }
}

let reloading = false

function reloadWhenDue(firstBuild: string) {
  const current = snapshot.value
  if (!current || reloading) return
  const seen = {
    firstBuild,
    build: current.build,
    pageAgeMs: performance.now(),
    sessionRunning: current.session !== null,
  }
  // A reload while the agent is away would replace the page by a browser's error.
  if (connection.value !== 'live' || !reloadIsDue(seen)) return
  // The page lives on until its successor arrives; asking again would begin anew.
  reloading = true
  location.reload()
}

/** Sends an intent once, however often the button is pressed meanwhile. */
export async function send(intent: Intent): Promise<void> {
  if (inFlight.value.has(intent.type)) return
  inFlight.value = new Set([...inFlight.value, intent.type])
  notSent.value = false
  const [answer] = await Promise.all([sendIntent(intent), pause(shortestFlightMs)])
  inFlight.value = new Set([...inFlight.value].filter((type) => type !== intent.type))
  if (answer === 'signed-out') connection.value = 'signed-out'
  if (answer === 'failed') await showFailure()
}

async function showFailure() {
  notSent.value = true
  await pause(failureShownMs)
  notSent.value = false
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
