import { DeviceError } from '../../errors.ts'
import type { ForeignerCard, IdCard } from '../../kinds.ts'
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
import { oldNumberLink } from './old-number.ts'

type Entry = readonly [field: Field, value: string]

/**
 * The text block of a card, for simulators: the inverse of `decodeCardText`. Fields that an IdCard does not hold stay
 * blank. Throws `unsupported` for a value longer than its field.
 */
export function encodeCardText(card: IdCard): Uint8Array {
  const blank = ' '.repeat(TEXT_BYTES / 2)
  const block = Buffer.from(blank, 'utf16le')
  for (const [[offset, bytes], value] of [
    ...entries(card),
    [layoutFlag, layoutFlags[card.layout]] as const,
  ]) {
    const written = Buffer.from(value, 'utf16le')
    if (written.length > bytes)
      throw new DeviceError(
        'unsupported',
        `${written.length / 2} characters do not fit a field of ${bytes / 2}`,
      )
    written.copy(block, offset)
  }
  return Uint8Array.from(block)
}

function entries(card: IdCard): Entry[] {
  switch (card.layout) {
    case 'resident':
      return [
        ...shared(card, residentLayout),
        [residentLayout.name, card.name],
        [residentLayout.nationCode, card.nationCode],
        [residentLayout.address, card.address],
        [residentLayout.issuingAuthority, card.issuingAuthority],
      ]
    case 'hk-macao-taiwan':
      return [
        ...shared(card, permitLayout),
        [permitLayout.name, card.name],
        [permitLayout.address, card.address],
        [permitLayout.issuingAuthority, card.issuingAuthority],
        [permitLayout.travelPermitNumber, card.travelPermitNumber],
        [permitLayout.issueCount, card.issueCount],
      ]
    case 'foreigner-2017':
    case 'foreigner-2023':
      return card.layout === 'foreigner-2017' ? foreigner2017(card) : foreigner2023(card)
  }
}

function foreigner2017(card: ForeignerCard): Entry[] {
  return [
    ...shared(card, foreigner2017Layout),
    [foreigner2017Layout.englishName, card.name],
    [foreigner2017Layout.chineseName, card.chineseName],
    [foreigner2017Layout.nationality, card.nationality],
  ]
}

function foreigner2023(card: ForeignerCard): Entry[] {
  const layout = foreigner2023Layout
  const startCharacters = layout.englishNameStart[1] / 2
  return [
    ...shared(card, layout),
    [layout.englishNameStart, card.name.slice(0, startCharacters)],
    [layout.englishNameEnd, card.name.slice(startCharacters)],
    [layout.chineseName, card.chineseName],
    [layout.nationality, card.nationality],
    [layout.oldNumberLink, oldNumberLink(card.oldNumber)],
  ]
}

type SharedField = 'sex' | 'birth' | 'idNumber' | 'validFrom' | 'validTo'

function shared(card: IdCard, layout: Readonly<Record<SharedField, Field>>): Entry[] {
  const sexCodes = { male: '1', female: '2', unknown: '0' }
  return [
    [layout.sex, sexCodes[card.sex]],
    [layout.birth, card.birth],
    [layout.idNumber, card.idNumber],
    [layout.validFrom, card.validFrom],
    [layout.validTo, card.validTo ?? LONG_TERM],
  ]
}
