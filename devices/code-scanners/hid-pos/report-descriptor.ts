import { hidItems, Tag } from '../../lib/hid-items.ts'

/** What an item of a report descriptor means to whoever reads the reports (HID 1.11, section 6.2.2). */
export interface InputField {
  readonly reportId: number
  /** Where the field begins: bits from the front of the report, its id byte included. */
  readonly bit: number
  /** Bits of one value. */
  readonly size: number
  readonly count: number
  /** Usage page in the upper 16 bits, usage in the lower. Value i has usage i, or the last one. */
  readonly usages: readonly number[]
}

interface Globals {
  readonly page: number
  readonly size: number
  readonly count: number
  readonly reportId: number
}

const idBits = 8

/** The input fields of every report, in order. A descriptor that breaks off gives what came before. */
export function inputFields(descriptor: Uint8Array): InputField[] {
  const fields: InputField[] = []
  const nextBit = new Map<number, number>()
  const stack: Globals[] = []
  let globals: Globals = { page: 0, size: 0, count: 0, reportId: 0 }
  let usages: number[] = []

  for (const { tag, value, long } of hidItems(descriptor)) {
    switch (tag) {
      case Tag.usagePage:
        globals = { ...globals, page: value }
        break
      case Tag.size:
        globals = { ...globals, size: value }
        break
      case Tag.count:
        globals = { ...globals, count: value }
        break
      case Tag.reportId:
        globals = { ...globals, reportId: value }
        break
      case Tag.push:
        stack.push(globals)
        break
      case Tag.pop:
        globals = stack.pop() ?? globals
        break
      case Tag.usage:
        usages.push(long ? value : globals.page * 0x10000 + value)
        break
      case Tag.input: {
        const { reportId, size, count } = globals
        const bit = nextBit.get(reportId) ?? idBits
        fields.push({ reportId, bit, size, count, usages })
        nextBit.set(reportId, bit + size * count)
        usages = []
        break
      }
      case Tag.output:
      case Tag.feature:
      case Tag.collection:
      case Tag.endCollection:
        usages = []
        break
    }
  }
  return fields
}
