import { commands, transform } from 'receiptline'
import { encode } from '../../devices/receipt-printers/escpos/encode.ts'
import { toMarkup } from '../../devices/receipt-printers/escpos/markup.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import { exampleSlips } from '../support/example-slips.ts'
import type { Figure, Section } from './table.ts'

/** How many slips a second are turned into bytes, beside receiptline alone on the same markup with its own commands. */
export function measureSlips(secondsEach: number): Section {
  const document = exampleSlips[0]?.document ?? []
  const figures = ['generic-58', 'generic-80'].map((name): Figure => {
    const profile = readProfile(name)
    const markup = toMarkup(document, profile)
    const { columns: cpl, encoding } = profile
    const bare = { cpl, encoding, spacing: true, cutting: true, command: commands.generic } as const
    const ours = ratePerSecond(() => encode(document, profile, { processId: 'AB12' }), secondsEach)
    const floor = ratePerSecond(() => transform(markup, bare), secondsEach)
    return {
      what: `${name.replace('generic-', '')} mm paper`,
      value: `${ours.toFixed(0)} a second`,
      floor: `${floor.toFixed(0)} receiptline alone; ours takes ${(floor / ours).toFixed(1)} × as long`,
    }
  })
  return { title: 'Slips: one entry slip with a QR code into printer bytes', figures }
}

function ratePerSecond(work: () => unknown, seconds: number): number {
  const warmUntil = performance.now() + seconds * 200
  while (performance.now() < warmUntil) work()
  const start = performance.now()
  let done = 0
  while (performance.now() - start < seconds * 1000) {
    work()
    done++
  }
  return (done * 1000) / (performance.now() - start)
}
