import type { ResidentCard } from '../../kinds.ts'
import { type SamReply, type SamRequest, samHost, samModule } from '../sam/codec.ts'
import { encodeCardText } from '../sam/encode-card-text.ts'
import { readPayload } from '../sam/payload.ts'
import { Question } from '../sam/requests.ts'
import { samNumberText } from '../sam/sam-number.ts'
import { hexStatus, Status, statusFacts } from '../sam/status-codes.ts'
import { framedReader } from './framed-reader.ts'
import type { Vary, Wire } from './wire.ts'

/** The card of the standard's own examples (GB 11643), which belongs to nobody. */
export const specimenCard: ResidentCard = {
  layout: 'resident',
  name: '测试甲',
  sex: 'female',
  nationCode: '01',
  nation: '汉',
  birth: '19491231',
  address: '北京市朝阳区测试路1号',
  idNumber: '11010519491231002X',
  issuingAuthority: '北京市公安局示例分局',
  validFrom: '20200101',
  validTo: '20400101',
  warnings: [],
}

const SAM_NUMBER_BYTES = 16
const SHORTEST_CARD_BYTES = 260

/** The protocol of the security modules, whatever carries it. */
export function samWire(): Wire {
  return {
    toDevice: framedReader({
      decode: samModule.decode,
      describe: describeRequest,
      harmless: (request, vary) =>
        samHost.encode({ ...request, data: vary(new Uint8Array(request.data.length)) }),
    }),
    fromDevice: framedReader({
      decode: samHost.decode,
      describe: describeReply,
      harmless: harmlessReply,
    }),
  }
}

export function describeRequest({ command, parameter }: SamRequest): string {
  const known = Object.values(Question).find(
    ({ request }) => request.command === command && request.parameter === parameter,
  )
  return known?.name ?? `request ${hexStatus(command)} ${hexStatus(parameter)}`
}

export function describeReply({ status, data }: SamReply): string {
  const result = `${hexStatus(status)}: ${statusFacts(status).meaning}`
  if (isSamNumber(status, data)) return `${result}, module number ${samNumberText(data)}`
  if (data.length >= SHORTEST_CARD_BYTES) return `${result}, card data (${data.length} bytes)`
  return data.length > 0 ? `${result}, ${data.length} bytes` : result
}

/** The module's number is shown; everything else a reply holds comes from a card. */
export function harmlessReply(reply: SamReply, vary: Vary): Uint8Array {
  const data = isSamNumber(reply.status, reply.data) ? reply.data : harmlessData(reply.data, vary)
  return samModule.encode({ ...reply, data })
}

function harmlessData(data: Uint8Array, vary: Vary): Uint8Array {
  const nothing = vary(new Uint8Array(data.length))
  if (data.length < SHORTEST_CARD_BYTES) return nothing
  try {
    const { text } = readPayload(data)
    const from = text.byteOffset - data.byteOffset
    const harmless = Uint8Array.from(nothing)
    harmless.set(data.subarray(0, from))
    harmless.set(vary(encodeCardText(specimenCard)), from)
    return harmless
  } catch {
    // Lengths that do not fit may be anything.
    return nothing
  }
}

function isSamNumber(status: number, data: Uint8Array): boolean {
  return status === Status.ok && data.length === SAM_NUMBER_BYTES
}
