import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../devices/lib/clock.ts'
import { createSettlement, type SettlementOptions, stillOpen } from '../../kiosk-agent/entry/settlement.ts'
import { openEmbeddedHallStore } from '../../kiosk-agent/hall/embedded-hall-store.ts'
import type { Claim, HallStore } from '../../kiosk-agent/hall/hall-store.ts'
import type { Entry, StoredEntry } from '../../kiosk-agent/ledger/entries.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { appointment, order } from './support/hall-fixture.ts'
import { ledgerIn, temporaryFolder } from './support/ledger-fixture.ts'

const CAPACITY = 5
const nonce: Entry = { type: 'nonce', nonce: 'n1', sessionId: 's1', appointmentId: 'a', persons: 1 }
const decision: Entry = {
  type: 'decision',
  sessionId: 's1',
  decision: 'admit',
  reasons: [],
  subjects: [null],
  rules: { name: 'r', version: 1 },
  slipCode: 'A2-3456',
  nonce: 'n1',
}
const grant: Entry = {
  type: 'grant',
  grantId: 's1',
  nonce: 'n1',
  lane: 'lane-1',
  persons: 1,
  validMs: 15_000,
}
const pulse = (outcome: 'confirmed' | 'not-sent'): Entry => ({ type: 'pulse', grantId: 's1', outcome })
const passage = (late: boolean): Entry => ({ type: 'passage', grantId: 's1', late })
const ended = (how: Extract<Entry, { type: 'grant-ended' }>['how']): Entry => ({
  type: 'grant-ended',
  grantId: 's1',
  how,
})
const settled = (result: Extract<Entry, { type: 'settled' }>['result']): Entry => ({
  type: 'settled',
  nonce: 'n1',
  result,
})
const admitted = [nonce, decision, grant]

interface Crash {
  readonly when: string
  readonly ledger: readonly Entry[]
  /** What the store had been told. */
  readonly store?: readonly ('claim' | 'confirm' | 'confirmUnseen' | 'release')[]
  readonly inside: number
  readonly state: Claim['state'] | undefined
  /** What the restart writes. */
  readonly writes: readonly Entry[]
}

const crashes: readonly Crash[] = [
  {
    when: 'after the passage, with the nonce offered to the ledger twice',
    ledger: [...admitted, nonce, pulse('confirmed'), passage(false)],
    store: ['claim'],
    inside: 1,
    state: 'inside',
    writes: [ended('passed'), settled('claimed')],
  },
  {
    when: 'after the nonce was written',
    ledger: [nonce],
    store: [],
    inside: 0,
    state: undefined,
    writes: [settled('never-claimed')],
  },
  { when: 'after the claim', ledger: [nonce], inside: 0, state: 'released', writes: [settled('released')] },
  {
    when: 'after decision and grant',
    ledger: admitted,
    inside: 1,
    state: 'unconfirmed',
    writes: [ended('unconfirmed'), settled('unconfirmed')],
  },
  {
    when: 'after the pulse',
    ledger: [...admitted, pulse('confirmed')],
    inside: 1,
    state: 'unconfirmed',
    writes: [ended('unconfirmed'), settled('unconfirmed')],
  },
  {
    when: 'after a pulse that was not sent',
    ledger: [...admitted, pulse('not-sent')],
    inside: 0,
    state: 'released',
    writes: [ended('not-opened'), settled('released')],
  },
  {
    when: 'after the passage',
    ledger: [...admitted, pulse('confirmed'), passage(false)],
    inside: 1,
    state: 'inside',
    writes: [ended('passed'), settled('claimed')],
  },
  {
    when: 'after the grant ended by passage',
    ledger: [...admitted, pulse('confirmed'), passage(false), ended('passed')],
    inside: 1,
    state: 'inside',
    writes: [settled('claimed')],
  },
  {
    when: 'after the grant timed out',
    ledger: [...admitted, pulse('confirmed'), ended('timed-out')],
    inside: 0,
    state: 'released',
    writes: [settled('released')],
  },
  {
    when: 'after the grant ended without proof',
    ledger: [...admitted, pulse('confirmed'), ended('unconfirmed')],
    inside: 1,
    state: 'unconfirmed',
    writes: [settled('unconfirmed')],
  },
  {
    when: 'after the store was told of the passage',
    ledger: [...admitted, pulse('confirmed'), passage(false)],
    store: ['claim', 'confirm'],
    inside: 1,
    state: 'inside',
    writes: [ended('passed'), settled('claimed')],
  },
  {
    when: 'after the store was told to take the place back',
    ledger: [...admitted, pulse('confirmed')],
    store: ['claim', 'release'],
    inside: 0,
    state: 'released',
    writes: [ended('timed-out'), settled('released')],
  },
  {
    when: 'after a decision that may not have been written',
    ledger: admitted,
    store: ['claim', 'release'],
    inside: 0,
    state: 'released',
    writes: [ended('not-opened'), settled('released')],
  },
  {
    when: 'after a late passage, its place given back already',
    ledger: [...admitted, pulse('confirmed'), ended('timed-out'), settled('released'), passage(true)],
    store: ['claim', 'release'],
    inside: 1,
    state: 'inside',
    writes: [settled('claimed')],
  },
  {
    when: 'after everything',
    ledger: [...admitted, pulse('confirmed'), passage(false), ended('passed'), settled('claimed')],
    store: ['claim', 'confirm'],
    inside: 1,
    state: 'inside',
    writes: [],
  },
]

async function hallIn(folder: string): Promise<HallStore> {
  const path = join(folder, 'hall.sqlite')
  const store = await openEmbeddedHallStore({ path, hallId: 'south', capacity: CAPACITY })
  onTestFinished(() => store.close())
  await store.putAppointments([appointment('a')])
  return store
}

const quiet = { clock: systemClock, log: () => {}, signal: new AbortController().signal }
const stored = (entries: readonly Entry[]): StoredEntry[] =>
  entries.map((entry, at) => ({ seq: at + 1, at: 0, entry, hash: '' }))

describe('After a restart', () => {
  test.each(crashes)('a crash $when is settled once and for all', async (crash) => {
    const folder = temporaryFolder()
    const [store, ledger] = await Promise.all([hallIn(folder), ledgerIn(folder)])
    for (const told of crash.store ?? ['claim']) {
      if (told === 'claim') await store.claim(order('n1', 'a'))
      else await store[told]('n1', 2000)
    }
    if (crash.ledger.length > 0) await ledger.append(...crash.ledger)
    const before = ledger.head().seq
    const restart = async () => {
      const settlement = createSettlement({
        ...quiet,
        terminalId: 't1',
        store,
        record: (...entries) => ledger.append(...entries),
      })
      await settlement.settleFormerRuns(stillOpen(await ledger.read()))
    }
    for (let again = 0; again < 2; again++) {
      await restart()
      expect((await ledger.read({ afterSeq: before })).map(({ entry }) => entry)).toEqual(crash.writes)
      expect((await store.claimOf('n1'))?.state).toBe(crash.state)
      expect(await store.headCount()).toMatchObject({
        inside: crash.inside,
        granted: 0,
        free: CAPACITY - crash.inside,
      })
    }
  })

  test('somebody who slipped in as the power failed is counted at the restart, once', async () => {
    const folder = temporaryFolder()
    const [store, ledger] = await Promise.all([hallIn(folder), ledgerIn(folder)])
    const slipped = (nonce: string): Entry => ({
      ...{ type: 'passage', grantId: null, late: false, how: 'forced', nonce },
    })
    await ledger.append(slipped('w1'), slipped('w2'), {
      ...{ type: 'settled', nonce: 'w2', result: 'slipped-in' },
    })
    for (let again = 0; again < 2; again++) {
      const settlement = createSettlement({
        ...{ ...quiet, terminalId: 't1', store },
        record: (...entries) => ledger.append(...entries),
      })
      await settlement.settleFormerRuns(stillOpen(await ledger.read()))
      expect(await store.headCount()).toMatchObject({ inside: 1, unconfirmed: 1, free: CAPACITY - 1 })
      expect((await store.claimOf('w1'))?.at).toBe(
        (await ledger.read()).find(({ entry }) => 'nonce' in entry)?.at,
      )
      expect((await ledger.read()).at(-1)?.entry).toEqual({
        ...{ type: 'settled', nonce: 'w1', result: 'slipped-in' },
      })
    }
  })

  test('a ledger read in pages leaves the same nonces open as one read at once', () => {
    const entries = crashes.flatMap(({ ledger }, at) =>
      ledger.map((entry): Entry => {
        const renamed = { ...entry }
        if ('nonce' in renamed && renamed.nonce) Object.assign(renamed, { nonce: `n-${at}` })
        if ('grantId' in renamed) Object.assign(renamed, { grantId: `g-${at}` })
        return renamed
      }),
    )
    const all = stored(entries)
    for (const page of [1, 2, 3, 7]) {
      let open: StoredEntry[] = []
      for (let from = 0; from < all.length; from += page)
        open = stillOpen([...open, ...all.slice(from, from + page)])
      expect(open).toEqual(stillOpen(all))
    }
    expect(
      stillOpen(all).some(({ entry }) => 'nonce' in entry && entry.nonce === `n-${crashes.length - 1}`),
    ).toBe(false)
  })
})

/** A store and a ledger that can be away, on a clock that a test moves. */
function fakes(overrides: Partial<SettlementOptions> = {}) {
  const clock = fakeClock()
  const closing = new AbortController()
  const told: string[] = []
  const entries: Entry[] = []
  const away = { store: false, ledger: false }
  const tell = (what: string) => async (name: string) => {
    if (away.store) throw new Error('unreachable')
    told.push(`${what} ${name}`)
  }
  const settlement = createSettlement({
    clock,
    log: () => {},
    terminalId: 't1',
    signal: closing.signal,
    store: {
      claimOf: async (name) => {
        if (away.store) throw new Error('unreachable')
        return { ...order(name, 'a'), state: 'granted' }
      },
      confirm: tell('confirm'),
      confirmUnseen: tell('confirmUnseen'),
      release: tell('release'),
      slippedIn: ({ nonce }) => tell('slippedIn')(nonce),
    },
    async record(...written) {
      if (away.ledger) throw new Error('disk full')
      entries.push(...written)
    },
    ...overrides,
  })
  return { clock, closing, told, entries, away, settlement }
}

describe('Settlement', () => {
  test('keeps trying while the store is away, then while the ledger is, and writes the end once', async () => {
    const { clock, told, entries, away, settlement } = fakes()
    Object.assign(away, { store: true, ledger: true })
    settlement.settle('n1', 'inside')
    await clock.advance(5000)
    expect(told).toEqual([])
    away.store = false
    await clock.advance(5000)
    expect(new Set(told)).toEqual(new Set(['confirm n1']))
    expect(entries).toEqual([])
    away.ledger = false
    await clock.until(settlement.drained())
    expect(entries).toEqual([settled('claimed')])
  })

  test('never lets a late passage be overtaken by the release before it', async () => {
    const { clock, told, entries, away, settlement } = fakes()
    away.store = true
    settlement.settle('n1', 'released')
    await clock.advance(500)
    settlement.settle('n1', 'inside')
    away.store = false
    await clock.until(settlement.drained())
    expect(told).toEqual(['release n1', 'confirm n1'])
    expect(entries).toEqual([settled('released'), settled('claimed')])
  })

  test('waits for the claim that was too late for us, so that the release finds it', async () => {
    let answer = () => {}
    const claimAnswered = () => new Promise<void>((resolve) => (answer = resolve))
    const { clock, told, settlement } = fakes({ claimAnswered })
    settlement.settle('n1', 'released')
    await clock.advance(60_000)
    expect(told).toEqual([])
    answer()
    await clock.until(settlement.drained())
    expect(told).toEqual(['release n1'])
  })

  test('leaves a claim that is never answered open for the next start', async () => {
    const { clock, closing, told, entries, settlement } = fakes({
      claimAnswered: () => new Promise(() => {}),
    })
    settlement.settle('n1', 'released')
    await clock.advance(1000)
    closing.abort()
    await clock.until(settlement.drained())
    expect([told, entries]).toEqual([[], []])
  })

  test('tries once more when the agent stops, and then lets go', async () => {
    const { clock, closing, told, away, settlement } = fakes()
    closing.abort()
    settlement.settle('n1', 'inside')
    away.ledger = true
    settlement.settle('n2', 'inside')
    await clock.until(settlement.drained())
    expect(told).toEqual(['confirm n1', 'confirm n2'])
  })

  test('gives nothing back for a claim that got nothing, and writes down why', async () => {
    const { clock, told, entries, settlement } = fakes()
    settlement.lost('n1', 'full')
    settlement.settle('n1', 'released')
    await clock.until(settlement.drained())
    expect([told, entries]).toEqual([[], [settled('full')]])
  })

  test('waits at the start until the store is there', async () => {
    const { clock, entries, away, settlement } = fakes()
    away.store = true
    const done = settlement.settleFormerRuns(stored(admitted))
    await clock.advance(10_000)
    expect(entries).toEqual([])
    away.store = false
    await clock.until(done)
    expect(entries).toEqual([ended('unconfirmed'), settled('unconfirmed')])
  })
})
