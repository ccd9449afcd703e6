import type { PrintBlock, PrintDocument } from '../../devices/kinds.ts'
import type { Language, Text } from '../api/contract.ts'
import { isoTime } from '../entry/hall-time.ts'
import { type NextStep, type Reason, reasonFacts } from '../entry/reasons.ts'
import { reasonText, type SlipTexts, slipTexts } from './slip-texts.ts'

/** What a slip of the door tells. Personal data is masked before it comes here. */
export interface EntrySlip {
  readonly language: Language
  readonly simulated: boolean
  readonly hall: { readonly name: Text; readonly phone: string; readonly utcOffsetMinutes: number }
  readonly terminal: Text
  readonly decision: 'admit' | 'refuse' | 'assist'
  readonly reasons: readonly Reason[]
  readonly holder?: { readonly nameMasked: string; readonly idMasked: string }
  /** Unix milliseconds. */
  readonly appointment?: { readonly start: number; readonly end: number; readonly item: Text }
  readonly slipCode: string
  /** "epidemic-2020 v3" */
  readonly rules: string
  readonly at: number
}

/** The slip of one decision, for 58 and 80 mm alike. */
export function entrySlip(slip: EntrySlip): PrintDocument {
  const texts = slipTexts[slip.language]
  return [
    ...(slip.simulated ? [banner(texts.simulated)] : []),
    { type: 'text', text: slip.hall.name[slip.language], align: 'center' },
    { type: 'text', text: titleOf(slip, texts), size: 2, bold: true, align: 'center' },
    { type: 'rule' },
    ...facts(slip, texts),
    ...(slip.decision === 'admit' ? [] : explanation(slip, texts)),
    { type: 'rule' },
    { type: 'text', text: slip.slipCode, size: 3, bold: true, align: 'center' },
    { type: 'qr', data: slip.slipCode, cellDots: 6 },
    ...closing(slip, texts),
  ]
}

/** The steps of several reasons, each once, in the order of the reasons. */
export function stepsFor(reasons: readonly Reason[]): NextStep[] {
  return [...new Set(reasons.flatMap(({ code }) => reasonFacts[code].next))]
}

function titleOf({ decision }: EntrySlip, texts: SlipTexts): string {
  return { admit: texts.admitted, refuse: texts.refused, assist: texts.assist }[decision]
}

function facts({ language, hall, terminal, holder, appointment, at, rules }: EntrySlip, texts: SlipTexts) {
  const time = (ms: number) => isoTime(ms, hall.utcOffsetMinutes)
  const pair = (label: string, value: string): PrintBlock => ({ type: 'pair', label, value })
  return [
    ...(holder ? [pair(texts.name, holder.nameMasked), pair(texts.idNumber, holder.idMasked)] : []),
    ...(appointment
      ? [
          pair(
            texts.appointment,
            `${time(appointment.start).slice(11, 16)}-${time(appointment.end).slice(11, 16)}`,
          ),
          pair(texts.item, appointment.item[language]),
        ]
      : []),
    pair(texts.time, `${time(at).slice(0, 16).replace('T', ' ')}  ${terminal[language]}`),
    pair(texts.rules, rules),
  ]
}

function explanation({ reasons }: EntrySlip, texts: SlipTexts): PrintBlock[] {
  const lines = (items: readonly string[]): PrintBlock[] =>
    items.map((text) => ({ type: 'text', text: `· ${text}` }))
  return [
    { type: 'rule' },
    { type: 'text', text: texts.why, bold: true },
    ...lines(reasons.map((reason) => reasonText(reason, texts))),
    { type: 'text', text: texts.next, bold: true },
    ...lines(stepsFor(reasons).map((step) => texts.steps[step])),
  ]
}

function closing({ decision, reasons, hall }: EntrySlip, texts: SlipTexts): PrintBlock[] {
  const measured = reasons.some(({ code }) => code === 'temperature-high')
  const lines = [
    ...(decision === 'admit' ? [texts.keepMask] : []),
    ...(measured ? [texts.screening] : []),
    texts.takeCard,
    `${texts.phone} ${hall.phone}`,
  ]
  return lines.map((text) => ({ type: 'text', text, align: 'center' }))
}

function banner(text: string): PrintBlock {
  return { type: 'text', text, inverse: true, align: 'center' }
}
