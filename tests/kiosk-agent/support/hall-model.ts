import type { ClaimAnswer, ClaimOrder, HeadCount } from '../../../kiosk-agent/hall/hall-store.ts'

interface Party {
  readonly order: ClaimOrder
  readonly answer: ClaimAnswer
  state: 'granted' | 'inside' | 'unconfirmed' | 'released' | 'left' | 'lost'
  here: number
  began: number
  holds: boolean
}

/** What a hall store must answer, in the plainest words: no SQL, no rights, only people and a limit. */
export function modelHall(initialCapacity: number, bookable: readonly string[]) {
  const parties = new Map<string, Party>()
  const told = new Set<string>()
  let capacity = initialCapacity

  const all = () => [...parties.values()]
  const count = (...states: Party['state'][]) =>
    all().reduce((sum, { state, here }) => sum + (states.includes(state) ? here : 0), 0)
  const occupied = () => count('granted', 'inside', 'unconfirmed')
  const held = (id: string) => all().some(({ order, holds }) => holds && order.appointmentId === id)

  function answerTo({ appointmentId, persons }: ClaimOrder): ClaimAnswer {
    if (held(appointmentId)) return { claimed: false, why: 'taken' }
    if (!bookable.includes(appointmentId)) return { claimed: false, why: 'not-booked' }
    return occupied() + persons <= capacity ? { claimed: true } : { claimed: false, why: 'full' }
  }

  function begin(party: Party, state: 'inside' | 'unconfirmed', at: number) {
    if (party.state === 'released') party.holds = !held(party.order.appointmentId)
    party.state = state
    if (party.began === 0) party.began = at
  }

  function end(party: Party, persons: number, at: number): number {
    if (party.state === 'lost' || party.state === 'left') return 0
    if (party.state !== 'unconfirmed') begin(party, 'inside', at)
    const leaving = Math.min(persons, party.here)
    party.here -= leaving
    if (party.here === 0) party.state = 'left'
    return leaving
  }

  return {
    claim(order: ClaimOrder): ClaimAnswer {
      const before = parties.get(order.nonce)
      if (before) return before.answer
      const answer = answerTo(order)
      const state = answer.claimed ? 'granted' : 'lost'
      parties.set(order.nonce, { order, answer, state, here: order.persons, began: 0, holds: answer.claimed })
      return answer
    },
    confirm(nonce: string, at: number) {
      const party = parties.get(nonce)
      if (party && ['granted', 'unconfirmed', 'released'].includes(party.state)) begin(party, 'inside', at)
    },
    confirmUnseen(nonce: string, at: number) {
      const party = parties.get(nonce)
      if (party?.state === 'granted') begin(party, 'unconfirmed', at)
    },
    release(nonce: string) {
      const party = parties.get(nonce)
      if (party?.state !== 'granted') return
      party.state = 'released'
      party.holds = false
    },
    leave(nonce: string | undefined, persons: number, at: number) {
      if (nonce !== undefined && told.has(`${nonce} ${at}`)) return
      if (nonce !== undefined) told.add(`${nonce} ${at}`)
      const party = nonce === undefined ? undefined : parties.get(nonce)
      if (party) return void end(party, persons, at)
      let left = persons
      for (const state of ['unconfirmed', 'inside'] as const) {
        const oldest = all()
          .filter((someone) => someone.state === state)
          .sort((a, b) => a.began - b.began || (a.order.nonce < b.order.nonce ? -1 : 1))
        for (const someone of oldest) if (left > 0) left -= end(someone, left, at)
      }
    },
    slippedIn(nonce: string, persons: number, at: number) {
      if (parties.has(nonce)) return
      const order = { nonce, appointmentId: '', persons, terminalId: '', at }
      parties.set(nonce, {
        ...{ order, answer: { claimed: true }, state: 'unconfirmed' },
        ...{ here: persons, began: at, holds: false },
      })
    },
    setCapacity(next: number) {
      capacity = next
    },
    stateOf: (nonce: string) => parties.get(nonce)?.state,
    headCount(): HeadCount {
      const inside = count('inside', 'unconfirmed')
      return {
        capacity,
        inside,
        unconfirmed: count('unconfirmed'),
        granted: count('granted'),
        free: Math.max(0, capacity - occupied()),
        over: Math.max(0, inside - capacity),
      }
    },
  }
}
export type ModelHall = ReturnType<typeof modelHall>
