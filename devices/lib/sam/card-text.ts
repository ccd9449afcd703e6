import { DeviceError } from '../../errors.ts'
import type { ForeignerCard, IdCard, PermitCard, ResidentCard } from '../../kinds.ts'
import {
  type Field,
  foreigner2017Layout,
  foreigner2023Layout,
  LONG_TERM,
  layoutFlag,
  layoutFlags,
  permitLayout,
  residentLayout,
  TEXT_BYTES,
} from './card-layouts.ts'
import { cardWarnings } from './card-warnings.ts'
import { nations } from './nations.ts'
import { oldNumber } from './old-number.ts'

/** A card, or a text block of a kind that this software does not know. */
export type CardText =
  | { readonly known: true; readonly card: IdCard }
  /** `flag`: the character that names the layout, "U+005A". */
  | { readonly known: false; readonly flag: string }

type Unjudged<Card extends IdCard> = Omit<Card, 'warnings'>

/**
 * Reads the 256-byte text block of a card, UTF-16LE, in the layout that the character at offset 248 names. `today` is
 * YYYYMMDD. What does not fit together becomes a warning, never an error; only a block of a wrong length throws
 * `bad-answer`.
 */
export function decodeCardText(text: Uint8Array, today: string): CardText {
  if (text.length !== TEXT_BYTES)
    throw new DeviceError('bad-answer', `card text of ${text.length} bytes, expected ${TEXT_BYTES}`)

  const flag = raw(text, layoutFlag)
  const card = decodeAs(flag === '\0' ? ' ' : flag, text)
  if (card === undefined) return { known: false, flag: codePoint(flag) }
  return { known: true, card: { ...card, warnings: cardWarnings(card, today) } }
}

function decodeAs(flag: string, text: Uint8Array) {
  if (flag === layoutFlags.resident) return resident(text)
  if (flag === layoutFlags['hk-macao-taiwan']) return permit(text)
  if (flag === layoutFlags['foreigner-2017']) return foreigner2017(text)
  if (flag === layoutFlags['foreigner-2023']) return foreigner2023(text)
  return undefined
}

function resident(text: Uint8Array): Unjudged<ResidentCard> {
  const nationCode = field(text, residentLayout.nationCode)
  return {
    layout: 'resident',
    name: field(text, residentLayout.name),
    ...shared(text, residentLayout),
    nationCode,
    nation: nations.get(nationCode) ?? '',
    address: field(text, residentLayout.address),
    issuingAuthority: field(text, residentLayout.issuingAuthority),
  }
}

function permit(text: Uint8Array): Unjudged<PermitCard> {
  return {
    layout: 'hk-macao-taiwan',
    name: field(text, permitLayout.name),
    ...shared(text, permitLayout),
    address: field(text, permitLayout.address),
    issuingAuthority: field(text, permitLayout.issuingAuthority),
    travelPermitNumber: field(text, permitLayout.travelPermitNumber),
    issueCount: field(text, permitLayout.issueCount),
  }
}

function foreigner2017(text: Uint8Array): Unjudged<ForeignerCard> {
  return {
    layout: 'foreigner-2017',
    name: field(text, foreigner2017Layout.englishName),
    chineseName: field(text, foreigner2017Layout.chineseName),
    nationality: field(text, foreigner2017Layout.nationality),
    ...shared(text, foreigner2017Layout),
  }
}

function foreigner2023(text: Uint8Array): Unjudged<ForeignerCard> {
  const layout = foreigner2023Layout
  const nationality = field(text, layout.nationality)
  const common = shared(text, layout)
  return {
    layout: 'foreigner-2023',
    // Joined first, stripped after: a space between two names may stand at the seam.
    name: strip(raw(text, layout.englishNameStart) + raw(text, layout.englishNameEnd)),
    chineseName: field(text, layout.chineseName),
    nationality,
    ...common,
    oldNumber: oldNumber(nationality, common.idNumber, field(text, layout.oldNumberLink)),
  }
}

type SharedField = 'sex' | 'birth' | 'idNumber' | 'validFrom' | 'validTo'

function shared(text: Uint8Array, layout: Readonly<Record<SharedField, Field>>) {
  const validTo = field(text, layout.validTo)
  return {
    sex: sexOf(field(text, layout.sex)),
    birth: field(text, layout.birth),
    idNumber: field(text, layout.idNumber).toUpperCase(),
    validFrom: field(text, layout.validFrom),
    validTo: validTo === LONG_TERM ? undefined : validTo,
  }
}

/** GB/T 2261.1; it also knows 0 and 9, so whatever is not 1 is not a woman. */
function sexOf(code: string): IdCard['sex'] {
  if (code === '1') return 'male'
  return code === '2' ? 'female' : 'unknown'
}

function field(text: Uint8Array, place: Field): string {
  return strip(raw(text, place))
}

function raw(text: Uint8Array, [offset, bytes]: Field): string {
  return Buffer.from(text.subarray(offset, offset + bytes)).toString('utf16le')
}

/** Fields are padded with spaces; some cards may pad with U+0000. */
function strip(padded: string): string {
  return padded.replaceAll(/^[ \0]+|[ \0]+$/g, '')
}

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}
