/**
 * Envelope in which one maker's HID readers carry the module's frames (GA/T 467), in reports of 64 bytes:
 *
 *   host → reader   88   SRN SRN   LEN LEN   command   data…            SUM SUM   00 …
 *   reader → host   AA   SRN SRN   LEN LEN   result    xx xx chunk…     SUM SUM   00 …
 *                                  ╰──────── SUM is the sum of these ──╯
 *
 * All numbers are little-endian; LEN counts command or result, and data. An answer comes in as many reports as it needs; the first
 * two bytes of each chunk are no part of it. Bytes here begin after the report id.
 */
export const REPORT_BYTES = 64
const OVERHEAD_BYTES = 8
/** Data of one report. */
const CAPACITY_BYTES = REPORT_BYTES - OVERHEAD_BYTES
const CHUNK_HEAD_BYTES = 2

const Mark = { request: 0x88, answer: 0xaa } as const

/** The report that sends `data` with the maker's command. `data` is a short frame: at most 56 bytes. */
export function encodeRequest(command: number, data: Uint8Array): Uint8Array {
  return envelope(Mark.request, command, data)
}

/** The reports of one answer; for simulators. */
export function encodeAnswer(bytes: Uint8Array): Uint8Array[] {
  const size = CAPACITY_BYTES - CHUNK_HEAD_BYTES
  const reports: Uint8Array[] = []
  for (let from = 0; from < bytes.length; from += size)
    reports.push(envelope(Mark.answer, 0, Uint8Array.from([0, 0, ...bytes.subarray(from, from + size)])))
  return reports
}

/** The part of an answer in this report; undefined when it is none. */
export function decodeAnswer(report: Uint8Array): Uint8Array | undefined {
  return open(report, Mark.answer)?.data.subarray(CHUNK_HEAD_BYTES)
}

/** The same of a report that begins with its id; nothing when it is none. */
export function chunkOf(report: Uint8Array): Uint8Array {
  return decodeAnswer(report.subarray(1)) ?? new Uint8Array()
}

/** This answer report (behind its id) with another chunk of the same length, and the rest of it blank. */
export function withChunk(report: Uint8Array, chunk: Uint8Array): Uint8Array {
  const [id = 0] = report
  return Uint8Array.from([id, ...envelope(Mark.answer, 0, Uint8Array.from([0, 0, ...chunk]))])
}

/** A request, for simulators. */
export function decodeRequest(
  report: Uint8Array,
): { readonly command: number; readonly data: Uint8Array } | undefined {
  return open(report, Mark.request)
}

function envelope(mark: number, command: number, data: Uint8Array): Uint8Array {
  if (data.length > CAPACITY_BYTES) throw new RangeError(`${data.length} bytes do not fit into one report`)
  const length = 1 + data.length
  const summed = [length & 0xff, length >> 8, command, ...data]
  const sum = sum16(summed)
  const report = new Uint8Array(REPORT_BYTES)
  report.set([mark, 0, 0, ...summed, sum & 0xff, sum >> 8])
  return report
}

function open(report: Uint8Array, mark: number) {
  const [first, , , low = 0, high = 0, command = 0] = report
  const length = low + high * 256
  if (first !== mark || length < 1 || length > 1 + CAPACITY_BYTES) return undefined
  const end = 5 + length
  const [sumLow, sumHigh] = report.subarray(end)
  if (sumLow === undefined || sumHigh === undefined) return undefined
  if (sum16(report.subarray(3, end)) !== sumLow + sumHigh * 256) return undefined
  return { command, data: Uint8Array.from(report.subarray(6, end)) }
}

function sum16(bytes: Iterable<number>): number {
  let sum = 0
  for (const byte of bytes) sum = (sum + byte) & 0xffff
  return sum
}
