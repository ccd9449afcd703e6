import { awaitCode } from './await-code.ts'
import { PERSON_MS, type Procedure, seconds } from './procedure.ts'
import { freshTestCode, testSlip } from './test-slip.ts'

const printed = ['printed', 'in-hand', 'held-out']
const SLIP_WAIT_MS = 60_000

/** Prints a slip whose QR code holds a fresh code, and has the scanner read it back: paper, head, cutter, scanner in one. */
export const printSlip: Procedure = async (running) => {
  const { needs, by, device, signal } = running
  const slipCode = freshTestCode()
  await needs.record({ type: 'test-slip', slipCode, device, by })
  signal.throwIfAborted()
  const facts = { ...needs, slipCode, by, device, at: needs.clock.now() }
  const state = await needs.print({
    slipCode,
    document: () => testSlip(facts),
    notAfter: needs.clock.monotonic() + SLIP_WAIT_MS,
  })
  signal.throwIfAborted()
  if (!printed.includes(state)) {
    running.find('slip-not-printed', { state }, false)
    return false
  }
  running.find('slip-printed', { state }, true)
  const scanner = needs.scanner()
  if (!scanner) {
    running.find('no-scanner')
    return true
  }
  let others = 0
  const matched = await awaitCode(running, scanner, {
    ask: 'scan-slip',
    take({ bytes }) {
      if (Buffer.from(bytes).toString('latin1') === slipCode) return true
      if (others++ === 0) running.find('other-code-read', {}, false)
      return undefined
    },
  })
  if (matched) running.find('own-code-read', { characters: String(slipCode.length) }, true)
  else running.find('time-over', { seconds: seconds(PERSON_MS) }, false)
  return matched === true
}
