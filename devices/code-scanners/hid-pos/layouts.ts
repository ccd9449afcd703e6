import type { PosLayout } from './codec.ts'

/** Where known makes put things in their report, for platforms that do not tell the report descriptor. */
export const layouts = {
  /** Hand Held Products 2020 and Access-IS LSR118 user guides; Honeywell. */
  honeywell: {
    reportId: 2,
    length: 64,
    countByte: 1,
    aimByte: 2,
    dataByte: 5,
    capacity: 56,
    continuedBit: 63 * 8,
  },
  /** The same usages without the two bytes a maker keeps for itself. */
  compact: {
    reportId: 2,
    length: 62,
    countByte: 1,
    aimByte: 2,
    dataByte: 5,
    capacity: 56,
    continuedBit: 61 * 8,
  },
  /** Newland FM430, from one published program; whether a report tells that more follows is not documented. */
  newland: {
    reportId: 2,
    length: 63,
    countByte: 1,
    aimByte: undefined,
    dataByte: 2,
    capacity: 56,
    continuedBit: undefined,
  },
  /** Zebra and Datalogic, from one published program: everything one byte later. */
  zebra: {
    reportId: 2,
    length: 64,
    countByte: 1,
    aimByte: 3,
    dataByte: 6,
    capacity: 56,
    continuedBit: 63 * 8,
  },
} as const satisfies Record<string, PosLayout>

export type LayoutName = keyof typeof layouts

const head = '058c0902a10185020912a102150026ff00750895010501093b8102'
const aim = '9503058c09fb09fc09fd8102'
const data = '953809fe820201'
const continued = '09ff1500250175019501810275078103'

/** Report descriptors with these layouts, in hex. Composed after the usage tables, not captured from devices. */
export const descriptors: Record<LayoutName, string> = {
  honeywell: `${head}${aim}${data}95020666ff090409058102058c${continued}c0c0`,
  compact: `${head}${aim}${data}${continued}c0c0`,
  newland: `${head}058c${data}9504810395010666ff09048102c0c0`,
  zebra: `${head}8103${aim}${data}95018103${continued}c0c0`,
}
