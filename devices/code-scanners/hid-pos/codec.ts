import { type InputField, inputFields } from './report-descriptor.ts'

/**
 * Scanned data as HID point-of-sale devices report it (HID Point of Sale Usage Tables 1.02, page 8C). Offsets are bytes of a
 * report that begins with its id; where they are is told by the report descriptor and differs between makes:
 *
 *   id   count   AIM identifier   decoded data, padded with NUL   (maker's own)   continued
 *    0     1        2 – 4                   5 – 60                   61 – 62      bit 0 of 63
 *
 * A code longer than one report is continued in the next ones. `count` ends the data: it may hold NULs itself.
 */
export interface PosLayout {
  readonly reportId: number
  /** Bytes of a whole report. */
  readonly length: number
  readonly countByte: number
  /** The first of three; undefined where the device tells none. */
  readonly aimByte: number | undefined
  readonly dataByte: number
  /** Bytes of data one report holds. */
  readonly capacity: number
  /** Bits from the front of the report; undefined where the device does not tell. */
  readonly continuedBit: number | undefined
}

/** What one report brings. */
export interface PosReport {
  readonly bytes: Uint8Array
  readonly aim?: string
  /** Undefined where the device does not tell. */
  readonly continued: boolean | undefined
}

const Usage = {
  byteCount: 0x0001_003b,
  aim: [0x008c_00fb, 0x008c_00fc, 0x008c_00fd],
  data: 0x008c_00fe,
  continued: 0x008c_00ff,
} as const

/** The layout that a report descriptor describes; undefined when it describes no scanned data. */
export function layoutOf(descriptor: Uint8Array): PosLayout | undefined {
  const all = inputFields(descriptor)
  const data = all.find(({ usages, size }) => usages.includes(Usage.data) && size === 8)
  if (!data || data.bit % 8 !== 0) return undefined
  const { reportId } = data
  const fields = all.filter((field) => field.reportId === reportId)
  const count = byteOf(fields, Usage.byteCount)
  if (count === undefined) return undefined
  const [first, second, third] = Usage.aim.map((usage) => byteOf(fields, usage))
  const inOrder = first !== undefined && second === first + 1 && third === first + 2
  const bits = Math.max(...fields.map(({ bit, size, count: values }) => bit + size * values))
  return {
    reportId,
    length: Math.ceil(bits / 8),
    countByte: count,
    aimByte: inOrder ? first : undefined,
    dataByte: data.bit / 8,
    capacity: data.count,
    continuedBit: bitOf(fields, Usage.continued),
  }
}

function bitOf(fields: readonly InputField[], usage: number): number | undefined {
  const field = fields.find(({ usages }) => usages.includes(usage))
  return field && field.bit + field.usages.indexOf(usage) * field.size
}

function byteOf(fields: readonly InputField[], usage: number): number | undefined {
  const bit = bitOf(fields, usage)
  return bit !== undefined && bit % 8 === 0 ? bit / 8 : undefined
}

/** The data of one report; undefined when it is another report, or breaks the layout. */
export function readReport(layout: PosLayout, report: Uint8Array): PosReport | undefined {
  const { reportId, countByte, aimByte, dataByte, capacity, continuedBit } = layout
  const count = report[countByte]
  if (report[0] !== reportId || count === undefined || count > capacity) return undefined
  // Windows pads reports to the longest one of the device, so they may be longer than the layout, never shorter.
  if (report.length < layout.length) return undefined
  const aim = aimByte === undefined ? '' : String.fromCharCode(...report.subarray(aimByte, aimByte + 3))
  const flags = continuedBit === undefined ? undefined : report[continuedBit >> 3]
  return {
    bytes: Uint8Array.from(report.subarray(dataByte, dataByte + count)),
    ...(/^\][A-Za-z][0-9A-Za-z]$/.test(aim) ? { aim } : {}),
    continued: flags === undefined ? undefined : ((flags >> ((continuedBit ?? 0) & 7)) & 1) === 1,
  }
}

/** The reports a device with this layout sends for one code. */
export function encodeReports(
  layout: PosLayout,
  { bytes, aim }: { readonly bytes: Uint8Array; readonly aim?: string | undefined },
): Uint8Array[] {
  const reports: Uint8Array[] = []
  for (let from = 0; from === 0 || from < bytes.length; from += layout.capacity) {
    const part = bytes.subarray(from, from + layout.capacity)
    const report = new Uint8Array(layout.length)
    report[0] = layout.reportId
    report[layout.countByte] = part.length
    report.set(part, layout.dataByte)
    if (aim && layout.aimByte !== undefined)
      for (const [i, character] of [...aim].entries()) report[layout.aimByte + i] = character.charCodeAt(0)
    const { continuedBit } = layout
    if (continuedBit !== undefined && from + part.length < bytes.length)
      report[continuedBit >> 3] = 1 << (continuedBit & 7)
    reports.push(report)
  }
  return reports
}
