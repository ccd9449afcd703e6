import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode as encodeQr } from 'uqr'
import { interpretEscpos } from '../../devices/receipt-printers/escpos/interpreter.ts'
import type { Bench, BenchAction, BenchPreset, Paper } from '../api/contract.ts'
import type { GatewaySimulator } from '../gateways/health/gateway-simulator.ts'
import type { HallStore } from '../hall/hall-store.ts'
import type { Log } from '../log.ts'
import { type DemoPerson, demoPeople, EXPIRED_CODE, STRANGE_CODE } from './people.ts'
import type { PluggableDevice, SimulatedControls } from './simulated-devices.ts'

export interface BenchOptions {
  readonly devices: readonly PluggableDevice[]
  readonly gateway: GatewaySimulator
  /** Width of the paper in the simulated printer. */
  readonly paperWidthDots: number
  readonly store: HallStore
  blindIndex(idNumber: string): string
  readonly now: () => number
  readonly log: Log
  /** Presses "my mask is on" for whoever stands at the door. */
  attestMask(): void
  onChange(): void
}

export interface BenchPanel {
  view(): Bench
  act(action: BenchAction): Promise<void>
  /** Books the demo visitors around now. */
  seed(): Promise<void>
}

const SLOT_MS = 30 * 60_000
/** A person needs a moment between one thing and the next; and whoever watches wants to see it happen. */
const PACE_MS = 400
const SLIPS_KEPT = 5
const DEMO_ITEM = {
  'zh-Hans': '第二类医疗器械经营备案（示例）',
  'zh-Hant': '第二類醫療器械經營備案（示例）',
  en: 'Class II medical device filing (example)',
}

interface Story {
  readonly person: string
  readonly code?: string
  readonly centiCelsius?: number
  readonly gateway?: 'down'
  readonly hallFull?: boolean
}

const stories: { readonly [Preset in BenchPreset]: Story } = {
  admitted: { person: 'li' },
  'no-appointment': { person: 'huang' },
  'too-early': { person: 'chen' },
  'yellow-code': { person: 'he' },
  fever: { person: 'zhang', centiCelsius: 3730 },
  'hall-full': { person: 'li', hallFull: true },
  'code-of-another': { person: 'zhang', code: 'li' },
  'gateway-down': { person: 'li', gateway: 'down' },
}

/** What somebody can do to a simulated terminal: whole visitor stories, and every single thing by hand. */
export function createBench(options: BenchOptions): BenchPanel {
  const { gateway, now, onChange, store } = options
  const slips: Bench['slips'] = []
  let centiCelsius: number | null = null
  let card: string | null = null
  let paper: Bench['paper'] = 'full'
  let coverOpen = false
  let fire = false
  let hallFull = false
  let crowdNonce: string | undefined
  let story = new AbortController()

  function controls<K extends keyof SimulatedControls>(kind: K): SimulatedControls[K] | undefined {
    const device = options.devices.find((each) => each.kind === kind)
    return device?.simulator.controls as SimulatedControls[K] | undefined
  }

  controls('gate')?.onPulse(() => {
    onChange()
    walkThroughSoon()
  })
  controls('receipt-printer')?.onSlip(({ bytes }) => {
    slips.unshift({
      id: hash('sha256', bytes).slice(0, 12) + slips.length,
      at: iso(now()),
      paper: drawn(bytes, options.paperWidthDots),
    })
    slips.splice(SLIPS_KEPT)
    onChange()
  })

  /** In a story the visitor walks through the open gate by itself. */
  function walkThroughSoon(): void {
    if (story.signal.aborted || !inStory) return
    sleep(PACE_MS * 3, undefined, { signal: story.signal }).then(
      () => controls('gate')?.walkThrough(),
      () => {},
    )
  }
  let inStory = false

  async function book(person: DemoPerson): Promise<void> {
    if (person.slotsFromNow === undefined) return
    const slot = Math.floor(now() / SLOT_MS) * SLOT_MS + person.slotsFromNow * SLOT_MS
    // Every booking for this moment is a new one, so that a story can be told again and again.
    const id = person.slotsFromNow === 0 ? `demo-${person.id}-${now()}` : `demo-${person.id}-${slot}`
    await store.putAppointments([
      {
        id,
        holder: options.blindIndex(person.card.idNumber),
        start: slot,
        end: slot + SLOT_MS,
        item: DEMO_ITEM,
        partySize: 1,
        status: 'booked',
      },
    ])
  }

  /** Fills the hall with a crowd, or sends that crowd away. */
  async function fillHall(full: boolean): Promise<void> {
    if (full && !hallFull) {
      const { free } = await store.headCount()
      if (free > 0) crowdNonce = await admitCrowd(free)
    }
    if (!full && crowdNonce) {
      const crowd = await store.claimOf(crowdNonce)
      if (crowd) await store.leave({ nonce: crowdNonce, persons: crowd.persons, at: now() })
      crowdNonce = undefined
    }
    hallFull = full
  }

  async function admitCrowd(persons: number): Promise<string> {
    const at = now()
    const nonce = `demo-crowd-${at}`
    const appointment = {
      id: nonce,
      holder: nonce,
      start: at,
      end: at + SLOT_MS,
      item: DEMO_ITEM,
      partySize: persons,
    }
    await store.putAppointments([{ ...appointment, status: 'booked' }])
    await store.claim({ nonce, appointmentId: nonce, persons, terminalId: 'bench', at })
    await store.confirm(nonce, at)
    return nonce
  }

  async function tell({ person: id, code, centiCelsius: heat = 3650, ...rest }: Story): Promise<void> {
    story.abort()
    story = new AbortController()
    const { signal } = story
    const person = demoPeople.find((each) => each.id === id)
    if (!person) return
    await reset()
    gateway.setState(rest.gateway ?? 'up')
    await fillHall(rest.hallFull ?? false)
    await book(person)
    inStory = true
    const pause = () => sleep(PACE_MS, undefined, { signal })
    layCard(person)
    await pause()
    setTemperature(heat)
    await pause()
    await controls('code-scanner')?.show(demoPeople.find((each) => each.id === code)?.code ?? person.code)
    await pause()
    options.attestMask()
    // Long enough for a slow gateway and a look at the thermometer; then this visitor has left the spot.
    await sleep(PACE_MS * 8, undefined, { signal })
    takeCard()
    nobody()
  }

  async function reset(): Promise<void> {
    inStory = false
    takeCard()
    nobody()
    gateway.setState('up')
    await fillHall(false)
  }

  function layCard(person: DemoPerson): void {
    controls('id-card-reader')?.layCard(person.card)
    card = person.id
    onChange()
  }

  function takeCard(): void {
    controls('id-card-reader')?.takeCard()
    card = null
    onChange()
  }

  function setTemperature(centi: number): void {
    // The skin is cooler than the body; the module tells both.
    controls('thermometer')?.setSkin({ bodyCentiCelsius: centi, rawCentiCelsius: centi - 240 })
    centiCelsius = centi
    onChange()
  }

  function nobody(): void {
    controls('thermometer')?.nobody()
    centiCelsius = null
    onChange()
  }

  async function act(action: BenchAction): Promise<void> {
    switch (action.type) {
      case 'preset':
        // The story goes on by itself; a newer one stops it.
        tell(stories[action.preset]).catch((error) => {
          if (error?.name !== 'AbortError') options.log('a story stopped', { error })
        })
        break
      case 'reset':
        story.abort()
        await reset()
        break
      case 'lay-card': {
        const person = demoPeople.find((each) => each.id === action.person)
        if (person) {
          await book(person)
          layCard(person)
        }
        break
      }
      case 'take-card':
        takeCard()
        break
      case 'show-code':
        await controls('code-scanner')?.show(action.code)
        break
      case 'set-temperature':
        setTemperature(action.centiCelsius)
        break
      case 'nobody-at-thermometer':
        nobody()
        break
      case 'walk-through':
        controls('gate')?.walkThrough()
        break
      case 'fire':
        fire = action.active
        controls('gate')?.setFire(fire)
        break
      case 'paper':
        paper = action.paper
        controls('receipt-printer')?.setPaper(paper)
        break
      case 'cover':
        coverOpen = action.open
        controls('receipt-printer')?.setCover(coverOpen)
        break
      case 'cable':
        options.devices.find(({ id }) => id === action.device)?.setPlugged(action.plugged)
        break
      case 'gateway':
        gateway.setState(action.state)
        break
      case 'fill-hall':
        await fillHall(action.full)
        break
    }
    onChange()
  }

  return {
    act,
    async seed() {
      for (const person of demoPeople) await book(person)
    },
    view: () => ({
      persons: demoPeople.map(({ id, card: { name }, note }) => ({ id, label: name, note })),
      codes: [
        ...demoPeople.map(({ code, card: { name }, note }) => ({ code, label: labelled(name, note) })),
        {
          code: EXPIRED_CODE,
          label: { 'zh-Hans': '过期的健康码', 'zh-Hant': '過期的健康碼', en: 'An expired code' },
        },
        {
          code: STRANGE_CODE,
          label: { 'zh-Hans': '别的二维码', 'zh-Hant': '其他二維碼', en: 'Some other QR code' },
        },
      ],
      devices: options.devices.map(({ id, kind, plugged }) => ({ id, kind, plugged })),
      card,
      centiCelsius,
      gateway: gateway.state === 'garbage' ? 'busy' : gateway.state,
      paper,
      coverOpen,
      fire,
      pulses: controls('gate')?.pulses ?? 0,
      hallFull,
      slips,
    }),
  }
}

function labelled(name: string, note: DemoPerson['note']) {
  return {
    'zh-Hans': `${name}：${note['zh-Hans']}`,
    'zh-Hant': `${name}：${note['zh-Hant']}`,
    en: `${name}: ${note.en}`,
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** The picture of a slip, from nothing but the bytes which reached the far end. */
export function drawn(bytes: Uint8Array, widthDots: number): Paper {
  return interpretEscpos(bytes, { widthDots, qr: qrRows }).drawing
}

function qrRows(data: Uint8Array, level: string): string[] {
  const ecc = (['L', 'M', 'Q', 'H'] as const).find((each) => each === level.toUpperCase()) ?? 'M'
  // Without it a symbol with room to spare would silently be drawn at a higher level than it was sent with.
  const { data: rows } = encodeQr([...data], { ecc, border: 0, boostEcc: false })
  return rows.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))
}
