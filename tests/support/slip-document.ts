import { encode } from '../../devices/receipt-printers/escpos/encode.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import { type EntrySlip, entrySlip } from '../../kiosk-agent/paper/slips.ts'
import { interpret } from './escpos-printer.ts'

/** Everything a slip of the door may hold, invented. */
const example: EntrySlip = {
  language: 'zh-Hans',
  simulated: true,
  hall: {
    name: { 'zh-Hans': '东莞市民服务中心', 'zh-Hant': '東莞市民服務中心', en: 'Citizen Service Centre' },
    phone: '0769-12345',
    utcOffsetMinutes: 480,
  },
  terminal: { 'zh-Hans': '1 号入口', 'zh-Hant': '1 號入口', en: 'Entrance 1' },
  decision: 'refuse',
  reasons: [{ code: 'no-appointment' }],
  holder: { nameMasked: '李*', idMasked: '9999**********0011' },
  slipCode: '',
  rules: 'epidemic-2020 v1',
  at: Date.UTC(2026, 2, 2, 2, 30),
}

/** The slip a visitor gets: copy 1, and every copy after it. */
export const slipDocument = (slipCode: string, copy: number) => entrySlip({ ...example, slipCode, copy })

/** What stands on that slip when it came out whole. */
export const wholeSlip = (slipCode: string, copy: number) =>
  contentOf(encode(slipDocument(slipCode, copy), readProfile('generic-80'), { processId: 'AB12' }))

/** Texts and pictures in their order; where they stand is another matter. */
export function contentOf(bytes: Uint8Array): string[] {
  return interpret(bytes).drawing.items.flatMap((item) =>
    item.type === 'text' ? [item.text.trim()] : item.type === 'bitmap' ? [item.rows.join('\n')] : [],
  )
}

/** A torn piece: the beginning of a whole slip, broken off anywhere. A character broken in two counts as neither. */
export function isBeginningOf(piece: readonly string[], whole: readonly string[]): boolean {
  return piece.every((text, at) => {
    if (text === whole[at]) return true
    return at === piece.length - 1 && (whole[at] ?? '').startsWith(text.slice(0, -1))
  })
}
