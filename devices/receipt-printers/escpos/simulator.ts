import { type Clock, systemClock } from '../../lib/clock.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { SimulatedPrinter, type Slip } from './simulated-printer.ts'

export interface EscposSimulationOptions {
  /** Paper runs out, the cover opens, or the link breaks, once so many bytes were received. */
  readonly paperOutAfterBytes?: number
  readonly coverOpenAfterBytes?: number
  readonly dropLinkAfterBytes?: number
  /** A printer that is deaf: it never answers and never prints. */
  readonly silent?: boolean
  /** Clones without process id confirmation or without GS r. */
  readonly gsH48?: boolean
  readonly gsr?: boolean
  /** Takes bytes no faster than this line speed; unlimited when absent. */
  readonly paceBaud?: number
  /** Sent before every answer. */
  readonly noise?: readonly number[]
  readonly clock?: Clock
}

export interface EscposControls {
  setPaper(paper: 'full' | 'low' | 'out'): void
  setCover(open: boolean): void
  /** The next cut gets stuck; opening and closing the cover frees the cutter. */
  jamCutter(): void
  /** Lets a fault happen after so many more bytes. */
  arm(
    faults: Pick<
      EscposSimulationOptions,
      'paperOutAfterBytes' | 'coverOpenAfterBytes' | 'dropLinkAfterBytes'
    >,
  ): void
  /**
   * One for each cut, oldest first, the last 50 of them: the bytes the printer executed for that piece of paper, up to
   * and with the cut.
   */
  readonly slips: readonly Slip[]
  onSlip(listener: (slip: Slip) => void): void
  /** What came over the link, the last 128 kB of it at least. */
  readonly received: Uint8Array
}

const SLICE_BYTES = 16
/** A demo terminal runs for months. */
const KEPT_BYTES = 262_144
const BITS_PER_BYTE = 10

/** An ESC/POS printer made of software, true to the byte: what it was not sent, it does not print. */
export function simulateEscpos(options: EscposSimulationOptions = {}): Simulator<EscposControls> {
  const { clock = systemClock, noise = [], paceBaud, silent = false, gsH48 = true, gsr = true } = options
  let plugged: StreamLink | undefined
  let received: number[] = []
  let receivedCount = 0
  let armed: { at: number; happen(): void }[] = []
  const printer = new SimulatedPrinter({
    gsH48,
    gsr,
    now: () => clock.now(),
    // A cable that was pulled swallows the answer.
    answer: (bytes) => void plugged?.write(Uint8Array.from([...noise, ...bytes])).catch(() => {}),
  })

  function arm(faults: Parameters<EscposControls['arm']>[0]) {
    const add = (bytes: number | undefined, happen: () => void) => {
      if (bytes !== undefined) armed.push({ at: receivedCount + bytes, happen })
    }
    add(faults.paperOutAfterBytes, () => printer.setPaper('out'))
    add(faults.coverOpenAfterBytes, () => printer.setCover(true))
    add(faults.dropLinkAfterBytes, () => void plugged?.close())
  }

  function take(link: StreamLink, bytes: Uint8Array) {
    for (const byte of bytes) {
      const due = armed.filter(({ at }) => at <= receivedCount)
      armed = armed.filter(({ at }) => at > receivedCount)
      for (const { happen } of due) happen()
      if (link.closed.aborted) return
      receivedCount++
      received.push(byte)
      if (received.length > KEPT_BYTES) received = received.slice(-KEPT_BYTES / 2)
      if (!silent) printer.receive(byte)
    }
  }

  async function listen(link: StreamLink) {
    for await (const chunk of link.bytes) {
      if (paceBaud === undefined) take(link, chunk)
      else await takeSlowly(link, chunk, paceBaud)
    }
  }

  async function takeSlowly(link: StreamLink, chunk: Uint8Array, baud: number) {
    for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
      const slice = chunk.subarray(start, start + SLICE_BYTES)
      await clock.sleep((slice.length * BITS_PER_BYTE * 1000) / baud)
      take(link, slice)
    }
  }

  arm(options)
  return {
    attach(far) {
      plugged = far
      void listen(far)
    },
    controls: {
      setPaper: (paper) => printer.setPaper(paper),
      setCover: (open) => printer.setCover(open),
      jamCutter: () => printer.jamCutter(),
      arm,
      get slips() {
        return printer.slips
      },
      onSlip: (listener) => printer.onSlip(listener),
      get received() {
        return Uint8Array.from(received)
      },
    },
  }
}
