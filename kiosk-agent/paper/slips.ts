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
  /** 1, the slip itself, when absent; every other copy is marked as one. */
  readonly copy?: number
  /** "epidemic-2020 v3" */
  readonly rules: string
  readonly at: number
}

/** The slip of one decision, for 58 and 80 mm alike: first what the visitor must know, then what staff ask for. */
export function entrySlip(slip: EntrySlip): PrintDocument {
  const texts = slipTexts[slip.language]
  return [
    ...(slip.simulated ? [banner(texts.simulated)] : []),
    ...copyMark(slip, texts),
    { type: 'text', text: onPaper(slip.hall.name, slip.language), align: 'center' },
    { type: 'text', text: titleOf(slip, texts), size: 2, bold: true, align: 'center' },
    { type: 'rule' },
    ...(slip.decision === 'admit' ? [] : explanation(slip, texts)),
    ...facts(slip, texts),
    { type: 'rule' },
    { type: 'text', text: texts.slipCode, align: 'center' },
    { type: 'text', text: slip.slipCode, size: 3, bold: true, align: 'center' },
    { type: 'qr', data: slip.slipCode, cellDots: 8 },
    ...closing(slip, texts),
  ]
}

/** The steps of several reasons, each once, in the order of the reasons. */
export function stepsFor(reasons: readonly Reason[]): NextStep[] {
  return [...new Set(reasons.flatMap(({ code }) => reasonFacts[code].next))]
}

/** Whoever finds two slips with one code must see that there was one visit. */
function copyMark({ copy = 1 }: EntrySlip, texts: SlipTexts): PrintBlock[] {
  return copy === 1 ? [] : [{ type: 'text', text: texts.copy(copy), bold: true, align: 'right' }]
}

function titleOf({ decision }: EntrySlip, texts: SlipTexts): string {
  return { admit: texts.admitted, refuse: texts.refused, assist: texts.assist }[decision]
}

/** A printer's Chinese font makes typographic quotation marks two columns wide, which tears English words apart. */
function onPaper(text: Text, language: Language): string {
  return language === 'en' ? text.en.replace(/[‘’]/g, "'").replace(/[“”]/g, '"') : text[language]
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
          pair(texts.item, onPaper(appointment.item, language)),
        ]
      : []),
    pair(texts.time, time(at).slice(0, 16).replace('T', ' ')),
    pair(texts.place, onPaper(terminal, language)),
    pair(texts.rules, rules),
  ]
}

function explanation({ reasons }: EntrySlip, texts: SlipTexts): PrintBlock[] {
  return [
    { type: 'text', text: texts.why, bold: true },
    ...numbered(reasons.map((reason) => reasonText(reason, texts))),
    { type: 'feed', lines: 1 },
    { type: 'text', text: texts.next, bold: true },
    ...numbered(stepsFor(reasons).map((step) => texts.steps[step])),
    { type: 'rule' },
  ]
}

/** Numbers tell where an item begins when long ones take two lines; one alone needs none. */
function numbered(items: readonly string[]): PrintBlock[] {
  return items.map((text, at) => ({ type: 'text', text: items.length === 1 ? text : `${at + 1}. ${text}` }))
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
