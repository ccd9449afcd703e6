import type { HallStore } from '../hall/hall-store.ts'
import { type DemoPerson, demoPeople } from './people.ts'

const SLOT_MS = 30 * 60_000
const DAY_MS = 86_400_000
const DEMO_ITEM = {
  'zh-Hans': '第二类医疗器械经营备案（示例）',
  'zh-Hant': '第二類醫療器械經營備案（示例）',
  en: 'Class II medical device filing (example)',
}

/** Bookings and crowds of the demo hall, made through the same store the terminal uses. */
export interface DemoHall {
  /** Books this person around now, as its story says; whatever was booked for it before is cancelled. */
  book(person: DemoPerson): Promise<void>
  bookAll(): Promise<void>
  /** Fills the hall with a crowd, or makes room in it. */
  fill(full: boolean): Promise<void>
  readonly full: boolean
}

export interface DemoHallOptions {
  readonly store: HallStore
  blindIndex(idNumber: string): string
  readonly now: () => number
}

export function createDemoHall({ store, blindIndex, now }: DemoHallOptions): DemoHall {
  let full = false
  let crowdNonce: string | undefined
  let turn: Promise<unknown> = Promise.resolve()

  /** One thing after the other: two crowds at once would leave one that nobody can send away. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }

  async function book({ id: person, card, slotsFromNow }: DemoPerson): Promise<void> {
    if (slotsFromNow === undefined) return
    const at = now()
    const start = Math.floor(at / SLOT_MS) * SLOT_MS + slotsFromNow * SLOT_MS
    // Every booking for this moment is a new one, so that a story can be told again and again.
    const id = `demo-${person}-${slotsFromNow === 0 ? at : start}`
    const holder = blindIndex(card.idNumber)
    const known = await store.appointmentsOf(holder, at - DAY_MS, at + DAY_MS)
    // What was booked for later some hours ago would be good for entry now.
    const former = known.filter((each) => each.status === 'booked' && each.id !== id)
    const end = start + SLOT_MS
    await store.putAppointments([
      ...former.map((each) => ({ ...each, status: 'cancelled' as const })),
      { id, holder, start, end, item: DEMO_ITEM, partySize: 1, status: 'booked' },
    ])
  }

  async function fill(wanted: boolean): Promise<void> {
    if (wanted && !full) {
      const { free } = await store.headCount()
      if (free > 0) crowdNonce = await admitCrowd(free)
    }
    if (!wanted) await makeRoom()
    full = wanted
  }

  async function makeRoom(): Promise<void> {
    const crowd = crowdNonce && (await store.claimOf(crowdNonce))
    if (crowd) await store.leave({ nonce: crowd.nonce, persons: crowd.persons, at: now() })
    crowdNonce = undefined
    // A hall without an exit terminal fills up, and the crowd of a former run is still inside: then all of them go home.
    const { free, inside } = await store.headCount()
    if (free === 0 && inside > 0) await store.leave({ persons: inside, at: now() })
  }

  async function admitCrowd(persons: number): Promise<string> {
    const at = now()
    const nonce = `demo-crowd-${at}`
    const times = { start: at, end: at + SLOT_MS }
    await store.putAppointments([
      { id: nonce, holder: nonce, ...times, item: DEMO_ITEM, partySize: persons, status: 'booked' },
    ])
    await store.claim({ nonce, appointmentId: nonce, persons, terminalId: 'bench', at })
    await store.confirm(nonce, at)
    return nonce
  }

  return {
    book: (person) => inTurn(() => book(person)),
    bookAll: () =>
      inTurn(async () => {
        for (const person of demoPeople) await book(person)
      }),
    fill: (wanted) => inTurn(() => fill(wanted)),
    get full() {
      return full
    },
  }
}
