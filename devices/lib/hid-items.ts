const dataLengths = [0, 1, 2, 4] as const
const longItem = 0xfe

/** An item's tag and type, as they stand in the upper six bits of its prefix. */
export const Tag = {
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

/** One item of a report descriptor (HID 1.11, section 6.2.2). */
export interface HidItem {
  readonly tag: number
  readonly value: number
  /** A usage of four bytes brings its page along. */
  readonly long: boolean
}

/** The items of a report descriptor, in order; one that breaks off gives what came before. */
export function* hidItems(bytes: Uint8Array): Generator<HidItem> {
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

/** What a device says it is: the usage of each of its top collections, one after the other. */
export function topUsages(descriptor: Uint8Array): { usagePage: number; usage: number }[] {
  const usages: { usagePage: number; usage: number }[] = []
  let usagePage = 0
  let usage = 0
  let depth = 0
  for (const { tag, value, long } of hidItems(descriptor)) {
    if (tag === Tag.usagePage) usagePage = value
    if (tag === Tag.usage) usage = long ? value : usagePage * 0x10000 + value
    if (tag === Tag.collection && depth++ === 0)
      usages.push({ usagePage: Math.floor(usage / 0x10000), usage: usage % 0x10000 })
    if (tag === Tag.endCollection) depth--
  }
  return usages
}
