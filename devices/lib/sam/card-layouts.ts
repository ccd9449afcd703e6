/** Offset and length in bytes of one field of the text block. */
export type Field = readonly [offset: number, bytes: number]

/** Bytes of the text block, whatever the layout. */
export const TEXT_BYTES = 256

/** Where every layout says which one it is. */
export const layoutFlag: Field = [248, 2]

/** Fields at the same place in the three layouts that follow the resident card. */
const common = { sex: [30, 2], birth: [36, 16], idNumber: [122, 36] } as const
const validity = { validFrom: [188, 16], validTo: [204, 16] } as const

/** Second-generation resident ID card; flag blank. */
export const residentLayout = {
  ...common,
  ...validity,
  name: [0, 30],
  nationCode: [32, 4],
  address: [52, 70],
  issuingAuthority: [158, 30],
} as const satisfies Record<string, Field>

/** Residence permit for residents of Hong Kong, Macao and Taiwan; flag 'J'. */
export const permitLayout = {
  ...common,
  ...validity,
  name: [0, 30],
  address: [52, 70],
  issuingAuthority: [158, 30],
  travelPermitNumber: [220, 18],
  issueCount: [238, 4],
} as const satisfies Record<string, Field>

/** Foreign permanent resident ID card of 2017; flag 'I'. */
export const foreigner2017Layout = {
  ...validity,
  englishName: [0, 120],
  sex: [120, 2],
  idNumber: [122, 30],
  nationality: [152, 6],
  chineseName: [158, 30],
  birth: [220, 16],
} as const satisfies Record<string, Field>

/** Foreign permanent resident ID card of 2023; flag 'Y'. The English name stands in two pieces. */
export const foreigner2023Layout = {
  ...common,
  ...validity,
  chineseName: [0, 30],
  englishNameStart: [52, 70],
  englishNameEnd: [220, 22],
  nationality: [242, 6],
  oldNumberLink: [250, 6],
} as const satisfies Record<string, Field>

/** The character at `layoutFlag` of each layout. */
export const layoutFlags = {
  resident: ' ',
  'hk-macao-taiwan': 'J',
  'foreigner-2017': 'I',
  'foreigner-2023': 'Y',
} as const

/** How a card without end date says so. */
export const LONG_TERM = '长期'
