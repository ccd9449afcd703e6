import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, BenchAction } from '../api/contract.ts'
import type { GatewaySimulator } from '../gateways/health/gateway-simulator.ts'
import type { Log } from '../log.ts'
import { createDemoHall, type DemoHallOptions } from './demo-hall.ts'
import { drawn } from './drawn.ts'
import { type DemoPerson, demoPeople, EXPIRED_CODE, STRANGE_CODE } from './people.ts'
import type { PluggableDevice, SimulatedControls } from './simulated-devices.ts'
import { type Actor, demoPerson, PACE_MS, play, type Story, stories } from './stories.ts'

export interface BenchOptions extends DemoHallOptions {
  readonly devices: readonly PluggableDevice[]
  readonly gateway: GatewaySimulator
  /** Width of the paper in the simulated printer. */
  readonly paperWidthDots: number
  readonly log: Log
  /** Presses "my mask is on" for whoever stands at the door. */
  attestMask(): void
  onChange(): void
}

export interface BenchPanel {
  view(): Bench
  act(action: BenchAction): Promise<void>
  /** A device that came later: what it prints and opens is seen too. */
  watch(device: PluggableDevice): void
  /** Books the demo visitors around now. */
  seed(): Promise<void>
}

const SLIPS_KEPT = 5

/** What somebody can do to a simulated terminal: whole visitor stories, and every single thing by hand. */
export function createBench(options: BenchOptions): BenchPanel {
  const { gateway, onChange } = options
  const hall = createDemoHall(options)
  const slips: (Bench['slips'][number] & { readonly codes: readonly string[] })[] = []
  const scene = emptyScene()
  const around = { present: false, kioskOpen: false }
  /** The story being told; undefined while everything is done by hand. */
  let story: AbortController | undefined
  let visitorIsHere = false

  function controls<K extends keyof SimulatedControls>(kind: K): SimulatedControls[K] | undefined {
    const device = options.devices.find((each) => each.kind === kind)
    return device?.simulator.controls as SimulatedControls[K] | undefined
  }

  function watch({ kind, simulator }: PluggableDevice): void {
    if (kind === 'gate')
      (simulator.controls as SimulatedControls['gate']).onPulse(() => {
        onChange()
        walkThroughSoon()
      })
    if (kind === 'auxiliaries') (simulator.controls as SimulatedControls['auxiliaries']).onLight(onChange)
    if (kind === 'receipt-printer')
      (simulator.controls as SimulatedControls['receipt-printer']).onSlip(({ id, at, bytes }) => {
        slips.unshift({ id, at: new Date(at).toISOString(), ...drawn(bytes, options.paperWidthDots) })
        slips.splice(SLIPS_KEPT)
        onChange()
      })
  }
  for (const device of options.devices) watch(device)

  /** In a story the visitor walks through the open gate by itself. */
  function walkThroughSoon(): void {
    if (!story) return
    sleep(PACE_MS * 3, undefined, { signal: story.signal }).then(
      () => controls('gate')?.walkThrough(),
      () => {},
    )
  }

  const actor: Actor = {
    arrive: () => setPresent(true),
    layCard(person) {
      controls('id-card-reader')?.layCard(person.card)
      scene.card = person.id
      onChange()
    },
    setTemperature(centiCelsius) {
      // The skin is cooler than the body; the module tells both.
      controls('thermometer')?.setSkin({
        bodyCentiCelsius: centiCelsius,
        rawCentiCelsius: Math.max(0, centiCelsius - 240),
      })
      scene.centiCelsius = centiCelsius
      onChange()
    },
    async showCode(code) {
      await controls('code-scanner')?.show(code)
    },
    attestMask: () => options.attestMask(),
    stepAway() {
      takeCard()
      nobody()
      setPresent(false)
    },
  }

  async function tell(told: Story): Promise<void> {
    endStory()
    const teller = new AbortController()
    story = teller
    gateway.setState(told.gateway ?? 'up')
    await hall.fill(told.hallFull ?? false)
    const person = demoPerson(told.person)
    if (person) await hall.book(person)
    teller.signal.throwIfAborted()
    visitorIsHere = true
    await play(told, actor, teller.signal)
    visitorIsHere = false
  }

  /** From here on nobody acts but the hand that pressed. */
  function endStory(): void {
    if (!story) return
    story.abort()
    story = undefined
    if (visitorIsHere) actor.stepAway()
    visitorIsHere = false
  }

  /** Everything as it was at the start: nobody here, everything plugged in, paper in the printer, no fire. */
  async function reset(): Promise<void> {
    endStory()
    actor.stepAway()
    gateway.setState('up')
    setFire(false)
    setBlocked(false)
    setKioskOpen(false)
    setPaper('full')
    setCover(false)
    for (const device of options.devices) device.setPlugged(true)
    await hall.fill(false)
  }

  async function layCardByHand(person: DemoPerson): Promise<void> {
    endStory()
    await hall.book(person)
    actor.layCard(person)
  }

  function takeCard(): void {
    controls('id-card-reader')?.takeCard()
    scene.card = null
    onChange()
  }

  function nobody(): void {
    controls('thermometer')?.nobody()
    scene.centiCelsius = null
    onChange()
  }

  async function scanSlip(wanted: string): Promise<void> {
    const [code] = slips.find(({ id }) => id === wanted)?.codes ?? []
    if (code !== undefined) await actor.showCode(code)
  }

  function setFire(active: boolean): void {
    controls('gate')?.setFire(active)
    scene.fire = active
  }

  function setBlocked(blocked: boolean): void {
    controls('gate')?.block(blocked)
    scene.gateBlocked = blocked
  }

  function setPresent(present: boolean): void {
    controls('auxiliaries')?.setPresence(present)
    around.present = present
  }

  function setKioskOpen(open: boolean): void {
    controls('auxiliaries')?.setDoor(open)
    around.kioskOpen = open
  }

  function setPaper(paper: Bench['paper']): void {
    controls('receipt-printer')?.setPaper(paper)
    scene.paper = paper
  }

  function setCover(open: boolean): void {
    controls('receipt-printer')?.setCover(open)
    scene.coverOpen = open
  }

  /** One entry an action. A name that nobody bears does nothing. */
  const does: { readonly [Type in BenchAction['type']]: (action: Act<Type>) => unknown } = {
    preset({ preset }) {
      // The story goes on by itself; a newer one stops it.
      tell(stories[preset]).catch((error) => {
        if (error?.name !== 'AbortError') options.log('a story stopped', { error })
      })
    },
    reset,
    'lay-card': ({ person: id }) => {
      const person = demoPerson(id)
      return person && layCardByHand(person)
    },
    'take-card': takeCard,
    'show-code': ({ code }) => actor.showCode(code),
    'scan-slip': ({ slip }) => scanSlip(slip),
    'set-temperature': ({ centiCelsius }) => actor.setTemperature(centiCelsius),
    'nobody-at-thermometer': nobody,
    'walk-through': () => controls('gate')?.walkThrough(),
    'block-gate': ({ blocked }) => setBlocked(blocked),
    fire: ({ active }) => setFire(active),
    paper: ({ paper }) => setPaper(paper),
    cover: ({ open }) => setCover(open),
    cable: ({ device, plugged }) => options.devices.find(({ id }) => id === device)?.setPlugged(plugged),
    gateway: ({ state }) => gateway.setState(state),
    'fill-hall': ({ full }) => hall.fill(full),
    'stand-here': ({ present }) => setPresent(present),
    'call-button': () => controls('auxiliaries')?.pressCallButton(),
    'kiosk-door': ({ open }) => setKioskOpen(open),
  }

  function aroundNow(): Bench['around'] {
    const board = controls('auxiliaries')
    if (!board) return null
    return { ...around, lights: board.lights.map((device) => ({ device, lit: board.isLit(device) })) }
  }

  return {
    async act(action) {
      // The table has one function a type; TypeScript cannot see that action and function belong together.
      await (does[action.type] as (action: BenchAction) => unknown)(action)
      onChange()
    },
    watch,
    seed: () => hall.bookAll(),
    view: () => ({
      ...cast,
      devices: options.devices.map(({ id, kind, plugged }) => ({ id, kind, plugged })),
      ...scene,
      gateway: gateway.state === 'garbage' ? 'busy' : gateway.state,
      pulses: controls('gate')?.pulses ?? 0,
      hallFull: hall.full,
      around: aroundNow(),
      slips: slips.map(({ codes: _, ...slip }) => slip),
    }),
  }
}

type Act<Type extends BenchAction['type']> = Extract<BenchAction, { type: Type }>

/** What was last done by hand or in a story, and is so until somebody changes it. */
function emptyScene(): Pick<Bench, 'card' | 'centiCelsius' | 'paper' | 'coverOpen' | 'fire' | 'gateBlocked'> {
  return {
    card: null,
    centiCelsius: null,
    paper: 'full',
    coverOpen: false,
    fire: false,
    gateBlocked: false,
  }
}

/** Everybody who can come to the door, and every code they can show. */
const cast: Pick<Bench, 'persons' | 'codes'> = {
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
}

function labelled(name: string, note: DemoPerson['note']) {
  return {
    'zh-Hans': `${name}：${note['zh-Hans']}`,
    'zh-Hant': `${name}：${note['zh-Hant']}`,
    en: `${name}: ${note.en}`,
  }
}
