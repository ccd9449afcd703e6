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
const dataLengths = [0, 1, 2, 4] as const
const longItem = 0xfe
const Tag = {
  usagePage: 0x04,
  usage: 0x08,
  size: 0x74,
  input: 0x80,
  reportId: 0x84,
  output: 0x90,
  count: 0x94,
  collection: 0xa0,
  push: 0xa4,
  feature: 0xb0,
  pop: 0xb4,
  endCollection: 0xc0,
} as const

/** The input fields of every report, in order. A descriptor that breaks off gives what came before. */
export function inputFields(descriptor: Uint8Array): InputField[] {
  const fields: InputField[] = []
  const nextBit = new Map<number, number>()
  const stack: Globals[] = []
  let globals: Globals = { page: 0, size: 0, count: 0, reportId: 0 }
  let usages: number[] = []

  for (const { tag, value, long } of items(descriptor)) {
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

interface Item {
  readonly tag: number
  readonly value: number
  /** A usage of four bytes brings its page along. */
  readonly long: boolean
}

function* items(bytes: Uint8Array): Generator<Item> {
  for (let at = 0; at < bytes.length; ) {
    const prefix = bytes[at] ?? 0
    if (prefix === longItem) {
      at += 3 + (bytes[at + 1] ?? 0)
      continue
    }
    const length = dataLengths[(prefix & 3) as 0 | 1 | 2 | 3]
    const data = bytes.subarray(at + 1, at + 1 + length)
    if (data.length < length) return
    const value = data.reduceRight((sum, byte) => sum * 256 + byte, 0)
    yield { tag: prefix & 0xfc, value, long: length === 4 }
    at += 1 + length
  }
}
