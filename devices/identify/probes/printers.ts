import { Framer } from '../../lib/frames.ts'
import { printerAnswers } from '../../receipt-printers/escpos/status.ts'
import type { Probe, Suggestion } from '../probe.ts'

const profile = 'generic-80'

const onSerial: Suggestion = {
  driver: 'escpos',
  options: (baudRate) => ({ profile, transport: { type: 'serial', baudRate } }),
  toBeSet: ['profile', 'transport.flowControl'],
}

/** DLE EOT 1, transmit status: answered at once by one byte, also off line, and never printed. */
export const askStatus: Uint8Array = Uint8Array.of(0x10, 0x04, 0x01)

/** ESC @: throws away a line that is not printed yet, so that nothing of a question comes out with the next slip. */
export const forgetLine: Uint8Array = Uint8Array.of(0x1b, 0x40)

/** Letters can look like such an answer: a printer says one such byte, and none of those it was not asked for. */
export function isPrinter(bytes: Uint8Array): boolean {
  const answers = new Framer(printerAnswers).push(bytes)
  return (
    answers.filter(({ type }) => type === 'eot').length === 1 && answers.length === 1 && bytes.length <= 4
  )
}

export const printerProbes: readonly Probe[] = [
  {
    kind: 'receipt-printer',
    bauds: [19_200, 9600, 115_200, 38_400, 57_600],
    asks: [askStatus],
    waitMs: 300,
    proven: isPrinter,
    settleMs: 200,
    watched: true,
    suggestions: [onSerial],
  },
]
