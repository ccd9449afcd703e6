import { type Clock, systemClock } from '../../lib/clock.ts'
import type { ScannerControls } from '../../lib/simulated-head.ts'
import type { ReportEnd } from '../../link/memory-report.ts'
import type { ReportSimulator } from '../../simulation.ts'
import { encodeReports } from './codec.ts'
import { readCommand } from './commands.ts'
import { descriptors, type LayoutName, layouts } from './layouts.ts'

export interface HidPosControls extends ScannerControls {
  /** Whether the head was told to read. */
  readonly triggered: boolean
  /** Sends what a head says about itself, as it sends codes. */
  say(aim: string, text: string): void
}

/** Faults are read as they are needed, so a caller may change them while it runs. */
export interface HidPosSimulation {
  readonly clock?: Clock
  /** The make; `descriptor` as in the driver's options: the head of the documents. */
  readonly layout?: LayoutName | 'descriptor'
  readonly aim?: string
  /** `trigger`: one code after it was told to read; otherwise it reads by itself. */
  readonly mode?: 'trigger' | 'sense'
  /** What the system tells instead of the head's report descriptor; `null`: nothing. */
  readonly descriptor?: Uint8Array | null
  /** Answers every command, as heads do. */
  readonly answers?: boolean
  /** Only so many reports of a code go out, then the rest is lost. */
  tornAfter?: number | undefined
  readonly repeats?: number
  readonly repeatEveryMs?: number
}

/** A scan head in HID point-of-sale mode, made of software. */
export function simulateHidPos(options: HidPosSimulation = {}): ReportSimulator<HidPosControls> {
  const { clock = systemClock, aim = ']Q1', mode = 'sense', repeats = 0, repeatEveryMs = 100 } = options
  const make = options.layout === undefined || options.layout === 'descriptor' ? 'honeywell' : options.layout
  const layout = layouts[make]
  let end: ReportEnd | undefined
  let triggered = false

  function send(bytes: Uint8Array, identifier: string) {
    const { tornAfter } = options
    options.tornAfter = undefined
    for (const report of encodeReports(layout, { bytes, aim: identifier }).slice(0, tornAfter))
      end?.send(report)
  }
  const say = (identifier: string, text: string) => send(Buffer.from(text, 'latin1'), identifier)

  function take(command: Uint8Array) {
    const text = Buffer.from(command).toString('latin1')
    if (text === '\x16T\r' || text.includes('#SCNTRG1')) triggered = true
    if (text === '\x16U\r' || text.includes('#SCNTRG0')) triggered = false
    if (!options.answers) return
    if (layout.aimByte === undefined) return say('', text.replace('~', '\x02').replace(';', '\x06;'))
    say(']X0', `about ${text.length}`)
    say(']Z6', `${text}\x06.`)
  }

  return {
    linkKind: 'report',
    attach(far) {
      end = far
      const described =
        options.descriptor === undefined ? Buffer.from(descriptors[make], 'hex') : options.descriptor
      return {
        descriptor: described ?? undefined,
        output(report) {
          const command = readCommand(report)
          if (command) take(command)
        },
        sendFeature: () => {},
      }
    },
    controls: {
      get triggered() {
        return triggered
      },
      say,
      async show(code) {
        const bytes = typeof code === 'string' ? Buffer.from(code) : code
        for (let reading = 0; reading <= repeats; reading++) {
          if (reading > 0) await clock.sleep(repeatEveryMs)
          if (mode === 'trigger' && !triggered) continue
          triggered = false
          send(bytes, aim)
        }
      },
    },
  }
}
