import { encode as qrEncode } from 'uqr'
import type { PrinterStatus, PrintJob } from '../../devices/kinds.ts'
import type { StreamLink } from '../../devices/link/link.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { startPrinter } from '../../devices/receipt-printers/escpos/driver.ts'
import { interpretEscpos } from '../../devices/receipt-printers/escpos/interpreter.ts'
import { escposOptionsSchema } from '../../devices/receipt-printers/escpos/options.ts'
import type { PrinterProfile } from '../../devices/receipt-printers/escpos/profile.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import type { Drawing } from '../../devices/receipt-printers/escpos/sheet.ts'
import {
  type EscposSimulationOptions,
  simulateEscpos,
} from '../../devices/receipt-printers/escpos/simulator.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'

/** QR drawing for the interpreter, by a library the encoder does not use. */
export function qr(data: Uint8Array, level: string): string[] {
  const ecc = level.toUpperCase() as 'L' | 'M' | 'Q' | 'H'
  return qrEncode([...data], { ecc, border: 0 }).data.map((row) =>
    row.map((dark) => (dark ? '#' : '.')).join(''),
  )
}

export function interpret(bytes: Uint8Array, profile: PrinterProfile = readProfile('generic-80')) {
  return interpretEscpos(bytes, { widthDots: profile.media.widthDots, qr })
}

/** The text of a drawing, line by line from the top; what stands on one height is one line, gaps are one space. */
export function textLines({ items }: Drawing): string[] {
  const lines = new Map<number, string[]>()
  for (const item of items) {
    if (item.type !== 'text' || item.text.trim() === '') continue
    const bottom = item.y + item.height
    lines.set(bottom, [...(lines.get(bottom) ?? []), item.text.trim()])
  }
  return [...lines.values()].map((texts) => texts.join(' '))
}

/** `kept`: one link for all jobs, as a serial line; else a new one each time, as a network printer. */
export interface PrinterSetup {
  readonly device?: EscposSimulationOptions
  readonly profile?: PrinterProfile
  readonly kept?: boolean
  readonly checkEveryMs?: number
  readonly untaken?: 'retract' | 'eject'
  /** Something else at the far end than an ESC/POS printer. */
  readonly attach?: (far: StreamLink) => void
}

/** A driver and a simulated printer with a cable between them that can be pulled. */
export function printerSetup({
  device = {},
  profile,
  kept = false,
  checkEveryMs,
  untaken = 'retract',
  attach,
}: PrinterSetup = {}) {
  const clock: FakeClock = fakeClock()
  const simulator = simulateEscpos({ clock, ...device })
  const events: PrinterStatus[] = []
  const proofs: string[] = []
  let heard = () => {}
  let running = new AbortController()
  const cable = { plugged: true, unplug: () => {} }
  let swallow = (_bytes: Uint8Array) => false
  let keptLink: StreamLink | undefined
  let farEnd: StreamLink | undefined

  function open(): StreamLink {
    if (!cable.plugged) throw new Error('no route')
    const { near, far, unplug } = memoryLink()
    cable.unplug = unplug
    farEnd = far
    const deviceEnd: StreamLink = {
      ...far,
      write: async (bytes) => {
        if (!swallow(bytes)) await far.write(bytes)
      },
    }
    if (attach) attach(far)
    else simulator.attach(deviceEnd)
    return near
  }

  async function useLink<Result>(job: (link: StreamLink) => Promise<Result>): Promise<Result> {
    if (keptLink?.closed.aborted) keptLink = undefined
    const link = keptLink ?? open()
    if (kept) keptLink = link
    try {
      return await job(link)
    } finally {
      if (!kept) await link.close()
    }
  }

  const options = escposOptionsSchema.parse({
    transport: { type: 'tcp', host: '127.0.0.1' },
    presenter: { untaken },
    ...(checkEveryMs === undefined ? {} : { checkEveryMs }),
  })
  function start() {
    running.abort(new Error('another run begins'))
    // A line that stayed open goes with the run that had it.
    cable.unplug()
    running = new AbortController()
    const { signal } = running
    return clock.until(
      startPrinter(
        {
          options,
          clock,
          signal,
          // A process that is gone opens nothing any more.
          useLink: (job) => (signal.aborted ? Promise.reject(signal.reason) : useLink(job)),
          log: () => {},
          emit(event) {
            if (event.type === 'paper') events.push(event.status)
            else proofs.push(event.processId)
            heard()
          },
        },
        profile ?? readProfile('generic-80'),
      ),
    )
  }
  return {
    clock,
    events,
    /** Process ids that came late. */
    proofs,
    onEvent: (listener: () => void) => {
      heard = listener
    },
    cable,
    start,
    printer: simulator.controls,
    stop: () => running.abort(new Error('stop')),
    /** Something the device says that the simulator does not. */
    say: (bytes: Uint8Array) => void farEnd?.write(bytes),
    /** Something another program writes to the device, over the kept link. */
    inject: (bytes: Uint8Array) => void keptLink?.write(bytes),
    /** Answers that are lost on the way. */
    swallowAnswers: (lost: (bytes: Uint8Array) => boolean) => {
      swallow = lost
    },
  }
}

/** A small job; `sent` tells whether it was about to send its first byte. */
export function printJob(processId: string, text = `slip ${processId}`): PrintJob & { sent: boolean } {
  const job: PrintJob & { sent: boolean } = {
    processId,
    document: [{ type: 'text', text }],
    sent: false,
    async beforeFirstByte() {
      job.sent = true
    },
  }
  return job
}
