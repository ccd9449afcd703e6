import { encodeLine, type Terminator } from '../../lib/lines.ts'
import { type HeadSimulation, type ScannerControls, simulatedHead } from '../../lib/simulated-head.ts'
import type { Simulator } from '../../simulation.ts'

export interface LineScannerSimulation extends HeadSimulation {
  /** How the head is set up; the same words as the driver's options. */
  readonly prefix?: string
  readonly aimId?: boolean
  readonly terminator?: Terminator
  readonly stxEtx?: boolean
  /** What the head takes every code for. "]C1" is a 1-D code. */
  readonly aim?: string
}

/** A scan head made of software. It sends what it is shown, whether or not anybody listens. */
export function simulateLineScanner(options: LineScannerSimulation = {}): Simulator<ScannerControls> {
  const { prefix = '', aimId = false, terminator = 'cr', stxEtx = false, aim = ']Q1' } = options
  const format = { prefix: Buffer.from(prefix, 'hex'), aimId, terminator, stxEtx, maxLength: Infinity }
  const head = simulatedHead(options)
  return {
    attach: head.attach,
    controls: { show: (code) => head.show(code, (bytes) => encodeLine(format, { bytes, aim })) },
  }
}
