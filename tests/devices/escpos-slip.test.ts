import { describe, expect, test } from 'vitest'
import type { PrintDocument } from '../../devices/kinds.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import { paperSchema } from '../../kiosk-agent/api/contract.ts'
import { drawPaper } from '../support/draw-paper.ts'
import { interpret, printerSetup, textLines } from '../support/escpos-printer.ts'
import { exampleSlips } from '../support/example-slips.ts'

/** Prints through the driver and reads what lies on the far end of the cable. */
async function printed(document: PrintDocument, profileName: string) {
  const profile = readProfile(profileName)
  const setup = printerSetup({ profile })
  const { print } = await setup.start()
  const result = await setup.clock.until(print({ processId: 'A7K2', document, async beforeFirstByte() {} }))
  expect(result).toMatchObject({ outcome: 'printed', evidence: 'process-id' })
  expect(setup.printer.slips).toHaveLength(1)
  return interpret(setup.printer.slips[0]?.bytes ?? new Uint8Array(), profile)
}

describe.each(['generic-58', 'generic-80'] as const)('a whole slip on %s', (profileName) => {
  test.each(exampleSlips)(
    'in $language comes out line by line as it was written',
    async ({ document, lines }) => {
      const { drawing, unknown } = await printed(document, profileName)
      expect(unknown).toEqual([])
      const squeezed = (text: string) => text.replaceAll(' ', '')
      const columns = readProfile(profileName).columns
      const expected = lines.map((line) => (line === '---' ? '-'.repeat(columns) : line))
      // Narrow paper breaks lines; what stands on them is the same, in the same order.
      const found = textLines(drawing)
      if (profileName === 'generic-80') expect(found).toEqual(expected)
      else expect(squeezed(found.join(''))).toBe(squeezed(expected.join('')))
      expect(drawing.items.filter(({ type }) => type === 'cut')).toHaveLength(1)
      expect(drawing.items.at(-1)?.type).toBe('cut')
      expect(drawing.items.filter(({ type }) => type === 'bitmap')).toHaveLength(1)
    },
  )

  test('is what the bench shows: the drawing has the shape of the screen contract', async () => {
    const { drawing } = await printed(exampleSlips[0]?.document ?? [], profileName)
    expect(paperSchema.parse(drawing)).toEqual(drawing)
    expect(drawPaper(drawing)).toContain('<svg')
  })
})
